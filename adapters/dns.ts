import { Resolver } from "node:dns/promises";

import type { ResolveTxt } from "../access/dkim.ts";
import { isAbsence } from "../access/key-records.ts";

/** A mail waits for the answer, and the mails behind it do. */
const TIMEOUT_MS = 5_000;
/** Short enough for a key that was revoked, long enough for a rush of alerts. */
const FOUND_MS = 5 * 60_000;
/** A key may be published a moment after the first mail that needs it. */
const ABSENT_MS = 60_000;
/** Strangers choose the names; what is remembered of them must not grow. */
const MAX_REMEMBERED = 1_000;

/**
 * Opens a way to ask DNS for TXT records, each question within the time limit. Records are remembered for some minutes,
 * absent ones more briefly, and trouble not at all; who asks while a question is on its way gets the same answer.
 *
 * @param lookup what is asked instead of the machine's own name servers
 */
export function openResolver(options: { readonly timeoutMs?: number; readonly lookup?: ResolveTxt } = {}): ResolveTxt {
  const { timeoutMs = TIMEOUT_MS, lookup = askNameServers(timeoutMs) } = options;
  const answers = new Map<string, { readonly answer: Promise<string[][]>; goodUntil: number }>();

  async function ask(name: string): Promise<string[][]> {
    const limit = Promise.withResolvers<never>();
    const timer = setTimeout(() => limit.reject(trouble()), timeoutMs);
    return Promise.race([lookup(name), limit.promise]).finally(() => clearTimeout(timer));
  }

  function remember(name: string): Promise<string[][]> {
    const asked = { answer: ask(name), goodUntil: Number.POSITIVE_INFINITY };
    answers.set(name, asked);
    const [oldest = name] = answers.keys();
    if (answers.size > MAX_REMEMBERED) answers.delete(oldest);
    asked.answer.then(
      () => (asked.goodUntil = performance.now() + FOUND_MS),
      (error: unknown) => (asked.goodUntil = isAbsence(error) ? performance.now() + ABSENT_MS : 0),
    );
    return asked.answer;
  }

  return async (written) => {
    const name = written.toLowerCase();
    const known = answers.get(name);
    if (known !== undefined && performance.now() < known.goodUntil) return known.answer;
    answers.delete(name);
    return remember(name);
  };
}

/** The time limit is shared by two attempts, so that one lost packet does not count. */
function askNameServers(timeoutMs: number): ResolveTxt {
  const resolver = new Resolver({ timeout: Math.ceil(timeoutMs / 3), tries: 2 });
  return (name) => resolver.resolveTxt(name);
}

function trouble(): Error {
  return Object.assign(new Error("DNS did not answer."), { code: "ETIMEOUT" });
}
