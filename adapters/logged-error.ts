import { STATUS_OF } from "../errors.ts";

/** What a log line says of an error. */
export type LoggedError = {
  /** Name of its class. */
  readonly type: string;
  readonly code?: string;
  /** The database's own words. */
  readonly says?: string;
  /** Where it was thrown, innermost first: function, file, line and column. */
  readonly stack: readonly string[];
  readonly cause?: LoggedError;
};

const CAUSES_SHOWN = 5;
const TYPE = /^(?:[A-Z][A-Za-z]{1,40})?(?:Error|Exception)$/;
const CODE = /^[A-Z][A-Z0-9_]{1,60}$/;
const FRAME = /^ {4}at ((?:[\w$.<>#[\] ]+ \()?(?:file:\/\/\/|node:|\/)[^\s()]+:\d+:\d+\)?)$/;
/** Values are bound, so these name tables, columns and conditions of our schema. Other messages of SQLite repeat values. */
const WORDS_OF_THE_SCHEMA = /^SQLITE_\w+: (?:[A-Z ]+ constraint failed|no such (?:table|column):|cannot store )/;

/**
 * An error without its message and without what else hangs on it: parsers quote what they could not read, clients the
 * addresses that they called. What is left tells which fault it is and where, and nothing of anybody's.
 */
export function loggedError(error: unknown): LoggedError {
  return withCauses(error, CAUSES_SHOWN);
}

function withCauses(error: unknown, left: number): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, stack: [] };
  const { name, message, cause } = error;
  const code = "code" in error ? error.code : undefined;
  return {
    type: TYPE.test(name) ? name : "Error",
    ...(typeof code === "string" && (CODE.test(code) || Object.hasOwn(STATUS_OF, code)) && { code }),
    ...(name === "LibsqlError" && WORDS_OF_THE_SCHEMA.test(message) && { says: message }),
    stack: framesOf(error),
    ...(cause !== undefined && left > 1 && { cause: withCauses(cause, left - 1) }),
  };
}

/** The message stands in front of the frames, and may imitate one. Where it can't be told apart, nothing is shown. */
function framesOf({ stack = "", message }: Error): string[] {
  const start = stack.indexOf(message);
  if (start === -1) return [];
  const lines = stack.slice(start + message.length).split("\n");
  return lines.flatMap((line) => FRAME.exec(line)?.[1] ?? []);
}
