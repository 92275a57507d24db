/**
 * Rows for a statement that takes many at once, to be read with `json_each`. Half of a character would come out of JSON as
 * bytes that are no text, and the driver ends the process on reading them.
 */
export function jsonRows(rows: readonly object[]): string {
  return JSON.stringify(rows, (_key, value: unknown) => (typeof value === "string" ? value.toWellFormed() : value));
}
