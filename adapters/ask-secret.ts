import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

import { AppError } from "../errors.ts";

/**
 * Asks on the terminal for something that is not shown while it is typed.
 *
 * @throws AppError when it is broken off (Ctrl-C, Ctrl-D)
 */
export async function askSecret(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: nowhere(), terminal: true });
  const left = new AbortController();
  lines.once("SIGINT", () => left.abort()).once("close", () => left.abort());
  process.stderr.write(question);
  try {
    return (await lines.question("", { signal: left.signal })).trim();
  } catch (error) {
    throw new AppError("invalid", "Nothing was typed.", { cause: error });
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}

/** What is typed is echoed to it. */
function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
