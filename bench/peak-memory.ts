import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

const LOOK_EVERY_MS = 20;

/**
 * Watches what a process and those that it starts take of the memory, until it ends: what each has for itself, and the pages
 * of files once, which all processes of one program share.
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
  const all = [pid, ...childrenOf(pid)].map((one) => statusOf(one));
  const own = all.reduce((sum, status) => sum + field(status, "RssAnon"), 0);
  return own + Math.max(...all.map((status) => field(status, "RssFile")));
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
