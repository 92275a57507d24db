import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { takeLock } from "./instance-lock.ts";

let directory = "";
let path = "";
const children: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "wtmm-lock-"));
  path = join(directory, "lock");
});

afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
  rmSync(directory, { recursive: true });
});

it("refuses a second process and names the first", async () => {
  const first = await runTaker();
  expect(first.said).toBe("held");
  expect(() => takeLock(path)).toThrow(`Another wtmm (pid ${first.child.pid}) is using ${directory}.`);
  expect((await runTaker()).said).toBe(`conflict: Another wtmm (pid ${first.child.pid}) is using ${directory}.`);
});

it("is free at once when its holder was killed", async () => {
  for (let round = 0; round < 3; round += 1) {
    const { child, said } = await runTaker();
    expect(said).toBe("held");
    await kill(child);
    expect(readdirSync(directory).sort()).toEqual(["lock", "lock.pid"]);
  }
  takeLock(path).release();
});

it("is free when its holder released it, and leaves no pid behind", async () => {
  const lock = takeLock(path);
  expect((await runTaker()).said).toContain(`(pid ${process.pid})`);
  lock.release();
  lock.release();
  expect(readdirSync(directory)).toEqual(["lock"]);
  expect((await runTaker()).said).toBe("held");
});

it("goes to exactly one of several that start at once", async () => {
  const takers = await Promise.all(Array.from({ length: 5 }, () => runTaker()));
  const holders = takers.filter(({ said }) => said === "held");
  expect(holders).toHaveLength(1);
  for (const { said } of takers.filter((taker) => taker !== holders[0])) {
    expect(said).toContain(`(pid ${holders[0]?.child.pid})`);
  }
});

it("is not lost when the same process asks twice", async () => {
  const lock = takeLock(path);
  expect(() => takeLock(path)).toThrow(`Another wtmm (pid ${process.pid}) is using`);
  expect((await runTaker()).said).toMatch(/^conflict/);
  lock.release();
});

it("is held for as long as the process runs, even when nobody keeps hold of it", async () => {
  const { said } = await runTaker("globalThis.gc(); globalThis.gc();", ["--expose-gc"]);
  expect(said).toBe("held");
  expect(() => takeLock(path)).toThrow("Another wtmm");
});

it("is refused without a pid when that of its holder is not there", async () => {
  await runTaker();
  rmSync(`${path}.pid`);
  expect(() => takeLock(path)).toThrow(`Another wtmm is using ${directory}.`);
  writeFileSync(`${path}.pid`, "999999999");
  expect(() => takeLock(path)).toThrow(`Another wtmm is using ${directory}.`);
});

it("is not stopped by what a dead process wrote", () => {
  writeFileSync(`${path}.pid`, "999999999");
  writeFileSync(path, "");
  const lock = takeLock(path);
  expect(readFileSync(`${path}.pid`, "utf8")).toBe(String(process.pid));
  lock.release();
});

it("says where there can be no lock", () => {
  expect(() => takeLock(join(directory, "missing", "lock"))).toThrow(
    /^The lock .*missing\/lock can't be taken: unable to open/,
  );
  writeFileSync(path, "something else, written by a person");
  expect(() => takeLock(path)).toThrow(/can't be taken: file is not a database\.$/);
});

/** Starts a process that takes the lock, says `held` or why not, and lives on until it is killed. */
async function runTaker(after = "", flags: string[] = []): Promise<{ child: ChildProcess; said: string }> {
  const module = JSON.stringify(new URL("instance-lock.ts", import.meta.url).href);
  const script = `
    import { takeLock } from ${module};
    setInterval(() => undefined, 1000);
    let said = "held";
    try { takeLock(${JSON.stringify(path)}); } catch (error) { said = error.code + ": " + error.message; }
    ${after}
    console.log(said);
  `;
  const child = spawn(process.execPath, [...flags, "--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [chunk] = await once(child.stdout, "data");
  return { child, said: String(chunk).trim() };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
