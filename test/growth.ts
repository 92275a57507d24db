import { createContext, Script } from "node:vm";

import { hostileStrings, hostileText, type HostileString } from "./hostile-strings.ts";

/** Long enough for what is slow to show, short enough for thousands of strings. */
const FIRST_LENGTH = 8192;
const SHORT = 1024;
const SHORTEST = 64;
const LONGEST = 65_536;
/** What takes less on the first length would not reach `NOTICEABLE_MS` on the longest, even if it grew with the square. */
const FIRST_MS = 1;
const NOTICEABLE_MS = 30;
/** In proportion, twice the length takes twice the time; with its square, four times. */
const FACTOR = 3;
/** An expression that tries every way of cutting a text up never comes to an end; this interrupts it. */
const LIMIT_MS = 3000;

const world = createContext({ probe: () => {} });
const probe = new Script("probe()");

/**
 * Why the time that the expression takes grows faster than the text, or null. It has to show twice in a row, in the best of
 * three runs and in times that a busy machine does not reach by chance.
 */
export function fasterThanLinear(expression: RegExp, limitMs = LIMIT_MS): string | null {
  let found: HostileString | undefined;
  world["probe"] = () => {
    found = hostileStrings(expression).find((text) => growsFast(expression, text));
  };
  try {
    probe.runInContext(world, { timeout: limitMs });
  } catch (cause) {
    if (!(Error.isError(cause) && "code" in cause && cause.code === "ERR_SCRIPT_EXECUTION_TIMEOUT")) throw cause;
    return "It does not come to an end.";
  }
  return found === undefined ? null : `It slows down with ${JSON.stringify(found)}.`;
}

function growsFast(expression: RegExp, text: HostileString): boolean {
  // What grows with the cube would take minutes on the first length.
  const isCalm = timeOf(expression, text, SHORT) < NOTICEABLE_MS;
  // Once more, since the first run of all compiles.
  if (isCalm && [0, 1].some(() => timeOf(expression, text, FIRST_LENGTH) < FIRST_MS)) return false;
  let times: number[] = [];
  for (let length = isCalm ? SHORT : SHORTEST; length <= LONGEST; length *= 2) {
    times = [...times, bestTimeOf(expression, text, length)].slice(-3);
    if ((times.at(-1) ?? 0) > NOTICEABLE_MS) break;
  }
  const [early = 0, middle = 0, late = 0] = times;
  return late > NOTICEABLE_MS && middle > FACTOR * early && late > FACTOR * middle;
}

function bestTimeOf(expression: RegExp, text: HostileString, length: number): number {
  return Math.min(...[0, 1, 2].map(() => timeOf(expression, text, length)));
}

function timeOf(expression: RegExp, hostile: HostileString, length: number): number {
  const text = hostileText(hostile, length);
  const start = performance.now();
  if (expression.global) text.replaceAll(expression, "");
  else expression.exec(text);
  return performance.now() - start;
}
