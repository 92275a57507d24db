/** An HTTP answer. */
export type Answer = { readonly status: number; readonly body: string };

/** How the stand-in misbehaves: with an answer, without any, or by breaking off in the middle of one. */
export type Fault = Answer | "silence" | "half an answer";

const PAGE = "<html><body>Not the page you asked for</body></html>";

const FAULTS: Readonly<Record<string, Fault>> = {
  "401": answerOf(401, 10, "No or incorrect server token."),
  "403": { status: 403, body: PAGE },
  "405": answerOf(422, 405, "Not allowed to send: out of credits."),
  "406": answerOf(422, 406, "Found inactive addresses. Inactive recipients bounced, complained or were suppressed."),
  "429": answerOf(429, 429, "Rate limit exceeded."),
  "500": { status: 500, body: "" },
  "503": answerOf(503, 100, "Down for maintenance."),
  page: { status: 200, body: PAGE },
  timeout: "silence",
  stall: "half an answer",
};

/**
 * A test says in the recipient's address what it wants to see: `406@example.com` is inactive, `timeout@example.com` is
 * never answered. Null for everybody else.
 */
export function faultOfRecipient(address: string): Fault | null {
  const name = address.split("@")[0] ?? "";
  return Object.hasOwn(FAULTS, name) ? (FAULTS[name] ?? null) : null;
}

/** An answer in the shape of Postmark's errors. */
export function answerOf(status: number, ErrorCode: number, Message: string): Answer {
  return { status, body: JSON.stringify({ ErrorCode, Message }) };
}
