import { destination, pino, stdTimeFunctions, type Logger } from "pino";

/** The program's log: one JSON object a line on standard error, since standard output belongs to the person. */
export type ProgramLog = Logger;

/** Opens the log; lines below the level are left out. */
export function openLog(level: string): ProgramLog {
  return pino({ level, base: null, timestamp: stdTimeFunctions.isoTime }, destination({ dest: 2, sync: true }));
}
