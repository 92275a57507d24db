/** Why something failed, in one line for a terminal: what the platform said, and what was behind it. */
export function reasonOf(error: unknown): string {
  return [...new Set(wordsOf(error))].join(": ").replace(/\s+/g, " ").trim().slice(0, 300);
}

function wordsOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  // An address that is tried by IPv4 and IPv6 fails with both and says nothing itself.
  if (error instanceof AggregateError) return error.errors.flatMap(wordsOf);
  const own = error.message === "" ? error.name : error.message;
  return [own, ...(error.cause === undefined ? [] : wordsOf(error.cause))];
}
