import { spawn } from "node:child_process";
import { once } from "node:events";

import type { Deployed } from "./deployed.ts";
import { sshOptions, type Answer } from "./provisioned.ts";

/** Runs a command as the administrator who sits at a terminal, and answers its question once it is asked. */
export async function onTerminal(
  { machine, keys }: Deployed,
  command: string,
  question: RegExp,
  answer: string,
): Promise<Answer> {
  const ssh = ["-tt", ...sshOptions(keys.admin), `admin@${machine.address}`, "--", command];
  const child = spawn("ssh", ssh, { stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  let isAnswered = false;
  const hear = (chunk: Buffer): void => {
    output += chunk.toString();
    if (isAnswered || !question.test(output)) return;
    isAnswered = true;
    child.stdin.write(`${answer}\r`);
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  await once(child, "close");
  return { code: child.exitCode ?? -1, output: output.replaceAll("\r", "") };
}
