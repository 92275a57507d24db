import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

const LOOK_EVERY_MS = 20;

/**
 * Watches what a process and those that it starts take of the memory, until it ends: what each has for itself, and the pages
 * of files that the first one has, which are the program's and which all of them share. A database that one of them maps lies
 * in the kernel's cache, as one does that is read, and goes from there when somebody wants the room.
 *
 * @returns the most that it was, in MB
 */
export async function peakMemory(process: ChildProcess): Promise<number> {
  let peakKb = 0;
  const look = setInterval(() => (peakKb = Math.max(peakKb, kilobytesOf(process.pid ?? 0))), LOOK_EVERY_MS);
  await new Promise((resolve) => process.once("close", resolve));
  clearInterval(look);
  return peakKb / 1024;
}

function kilobytesOf(pid: number): number {
  const [first = "", ...others] = [pid, ...childrenOf(pid)].map((one) => statusOf(one));
  const own = [first, ...others].reduce((sum, status) => sum + field(status, "RssAnon"), 0);
  // It maps no database itself.
  return own + field(first, "RssFile");
}

function childrenOf(pid: number): number[] {
  return textOf(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
}

function statusOf(pid: number): string {
  return textOf(`/proc/${pid}/status`);
}

function field(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
}

/** Nothing of one that has ended. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
