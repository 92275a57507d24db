import { destination, pino, stdTimeFunctions, type DestinationStream } from "pino";

import type { Log } from "../app.ts";
import { loggedError } from "./logged-error.ts";

/**
 * Opens the program's log: one JSON object a line on standard error, since standard output belongs to the person. Lines
 * below the level are left out.
 *
 * @param stream where it goes instead, for tests
 */
export function openLog(level: string, stream: DestinationStream = destination({ dest: 2, sync: true })): Log {
  return pino({ level, base: null, timestamp: stdTimeFunctions.isoTime, serializers: { err: loggedError } }, stream);
}
