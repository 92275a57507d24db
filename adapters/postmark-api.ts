import { setTimeout as pause } from "node:timers/promises";

import * as v from "valibot";

import { AppError } from "../errors.ts";

/** What Postmark answered; `body` is null when it was no JSON. */
export type ApiAnswer =
  | { readonly state: "answered"; readonly status: number; readonly body: unknown }
  /** It went on for longer than anything of Postmark's. */
  | { readonly state: "too_large" };

/** Asks Postmark's API. */
export type PostmarkApi = (method: "GET" | "PUT", path: string, stop: AbortSignal) => Promise<ApiAnswer>;

/** Where Postmark's API is, and how it is to be treated. */
export type ApiSettings = {
  readonly token: string;
  /** https or http, with or without a path, without a slash at its end. */
  readonly apiUrl: string;
  readonly timeoutMs?: number;
  readonly requestsPerSecond?: number;
  /** The first wait after a fault of Postmark's; each further one is twice as long. */
  readonly waitMs?: number;
};

// Postmark says that there is a limit, and not which; this is well below the lowest that it was heard of.
const REQUESTS_PER_SECOND = 15;
const TIMEOUT_MS = 20_000;
const WAIT_MS = 1_000;
const TRIES = 6;
const LONGEST_WAIT_MS = 30_000;
// Postmark keeps about 1 MB of a mail for its API, and a page of its lists is no longer than that.
const MAX_BYTES = 16 * 1024 * 1024;

// What its error codes mean: https://postmarkapp.com/developer/api/overview#error-codes
const BAD_TOKEN = 10;
const refusal = v.object({ ErrorCode: v.number(), Message: v.fallback(v.string(), "") });

/**
 * Opens Postmark's API for asking much of it: never more often than it likes, and again when the fault was not ours. The
 * client of theirs that letters leave by holds an answer of any length in memory, and follows redirects with the token.
 *
 * @throws AppError `unavailable` with a sentence when it can't be reached, does not know the token, or is asked to stop
 */
export function openPostmarkApi(settings: ApiSettings): PostmarkApi {
  const { requestsPerSecond = REQUESTS_PER_SECOND, waitMs = WAIT_MS } = settings;
  let nextAt = 0;

  /** Waits for this request's turn. */
  async function turn(stop: AbortSignal): Promise<void> {
    const at = Math.max(nextAt, performance.now());
    nextAt = at + 1_000 / requestsPerSecond;
    await pause(Math.max(0, at - performance.now()), undefined, { signal: stop });
  }

  return async (method, path, stop) => {
    let reason = "";
    for (let tried = 0; tried < TRIES; tried += 1) {
      try {
        await turn(stop);
        const answer = await ask(method, path, stop, settings);
        if (answer.state === "too_large") return answer;
        reason = faultOf(answer) ?? "";
        if (reason === "") return answer;
      } catch (error) {
        if (stop.aborted) throw new AppError("unavailable", "It was told to stop.", { cause: error });
        if (error instanceof AppError) throw error;
        reason = sentenceOf(error);
      }
      // Whoever else asks waits as well: a limit is everybody's.
      nextAt = Math.max(nextAt, performance.now() + Math.min(waitMs * 2 ** tried, LONGEST_WAIT_MS));
    }
    throw new AppError("unavailable", `Postmark can't be asked: ${reason}.`);
  };
}

async function ask(
  method: "GET" | "PUT",
  path: string,
  stop: AbortSignal,
  { token, apiUrl, timeoutMs = TIMEOUT_MS }: ApiSettings,
): Promise<ApiAnswer> {
  const response = await fetch(apiUrl + path, {
    method,
    headers: { accept: "application/json", "x-postmark-server-token": token },
    // Wherever a redirect leads, the token must not go there.
    redirect: "manual",
    signal: AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]),
  });
  const text = await shortText(response);
  return text === null ? { state: "too_large" } : { state: "answered", status: response.status, body: jsonOf(text) };
}

async function shortText(response: Response): Promise<string | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.byteLength;
    // Leaving the loop ends the transfer.
    if (length > MAX_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What is wrong when the same request may well succeed later; null for an answer that is meant. */
function faultOf({ status, body }: { readonly status: number; readonly body: unknown }): string | null {
  const read = v.safeParse(refusal, body);
  if (status === 401 || (read.success && read.output.ErrorCode === BAD_TOKEN)) {
    throw new AppError(
      "unavailable",
      "Postmark does not know the token: set POSTMARK_SERVER_TOKEN, see `wtmm doctor`.",
    );
  }
  // Anybody between us and Postmark can answer with a page, with any status.
  if (body === null) return `it answered ${status} without JSON`;
  if (status === 200 || status === 404 || status === 422) return null;
  return `it answered ${status}${read.success ? `, error ${read.output.ErrorCode}` : ""}`;
}

/** What fetch says is only that it failed. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "it does not answer";
  return error.cause instanceof Error ? error.cause.message : error.message;
}
