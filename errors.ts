/** Why a request was refused, in the caller's terms. */
export type ErrorCode =
  | "invalid"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "method_not_allowed"
  | "conflict"
  | "too_large"
  | "misdirected"
  | "rate_limited"
  | "unavailable";

/** The one table that turns a refusal into an HTTP status. */
export const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  too_large: 413,
  misdirected: 421,
  rate_limited: 429,
  unavailable: 503,
};

/**
 * A refusal. Its message is one sentence that a stranger may read: it says what was wrong and, where there is
 * something to do about it, what. Anything else that is thrown is a bug and never reaches a stranger.
 */
export class AppError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AppError";
    this.code = code;
  }
}
