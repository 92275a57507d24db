import type { ResolveTxt } from "./dkim.ts";

/** What is asked for one mail: a signature each has a key, and more are refused before. */
const MAX_QUERIES = 10;
/** Name servers that hang must not hold up the next mail for long. */
const MAX_FAILURES = 2;
/** What can be a name in DNS; selectors hold underscores now and then. A name that can't is no trouble of DNS. */
const NAME = /^(?=.{1,253}$)[\w-]{1,63}(?:\.[\w-]{1,63})*$/;

/**
 * A way to look up one mail's keys that asks a limited number of questions, and knows whether DNS failed to answer one.
 * That a name does not exist is an answer. What it rejects with has the `code` that the verifier understands.
 */
export function askForKeys(resolveTxt: ResolveTxt): { resolve: ResolveTxt; hasFailed(): boolean } {
  let queries = 0;
  let failures = 0;
  return {
    async resolve(name) {
      if (!NAME.test(name) || queries >= MAX_QUERIES) throw refusal("ENOTFOUND");
      if (failures >= MAX_FAILURES) throw refusal("ETIMEOUT");
      queries += 1;
      try {
        return await resolveTxt(name);
      } catch (error) {
        if (isAbsence(error)) throw refusal("ENOTFOUND");
        failures += 1;
        throw refusal("ETIMEOUT");
      }
    },
    hasFailed: () => failures > 0,
  };
}

/** The way to look up until it has failed for one delivery as often as may be; from then on it fails at once. */
export function untilItFails(resolveTxt: ResolveTxt): ResolveTxt {
  let failures = 0;
  return async (name) => {
    if (failures >= MAX_FAILURES) throw refusal("ETIMEOUT");
    return resolveTxt(name).catch((error: unknown) => {
      failures += isAbsence(error) ? 0 : 1;
      throw error;
    });
  };
}

/** Whether a lookup was rejected because there is no such record. */
export function isAbsence(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOTFOUND" || error.code === "ENODATA");
}

function refusal(code: string): Error {
  return Object.assign(new Error("There is no such key, or nobody who knows it."), { code });
}
