import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");
const build = () => promisify(execFile)(process.execPath, ["esbuild.config.mjs"], { cwd: root });

describe("dist/", () => {
  beforeAll(build);

  it("runs alone wherever it is moved", async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "wtmm-bundle-"));
    onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }));
    cpSync(dist, join(elsewhere, "release"), { recursive: true });
    const env = { ...process.env, DATA_DIR: join(elsewhere, "data"), PORT: "0", SMTP_PORT: "0" };
    const child = spawn(process.execPath, ["release/wtmm.mjs", "serve", "--local"], {
      cwd: elsewhere,
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    onTestFinished(() => void child.kill("SIGKILL"));
    for await (const line of createInterface(child.stdout)) {
      const address = /http:\/\/127\.0\.0\.1:\d+$/.exec(line)?.[0];
      if (address === undefined) continue;
      expect((await fetch(`${address}/up`)).status).toBe(200);
      break;
    }
    child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
  });

  it("carries the database driver of this platform alone", () => {
    const drivers = readdirSync(join(dist, "node_modules/@libsql"));
    expect(drivers).toHaveLength(1);
    expect(drivers[0]).toMatch(new RegExp(`^${process.platform}-${process.arch}(?:-gnu)?$`));
  });

  it("starts the service without the client of the bucket for dumps, which is large", () => {
    const files = readdirSync(dist).filter((name) => name.endsWith(".mjs"));
    const service = files.filter((name) => name.startsWith("service-"));
    expect(service).toHaveLength(1);
    const holdsClient = (name: string) => readFileSync(join(dist, name), "utf8").includes("com.amazonaws.s3");
    expect(files.filter(holdsClient)).not.toEqual([]);
    expect(loadedWith(["wtmm.mjs", ...service]).filter(holdsClient)).toEqual([]);
  });

  it("is left alone by builds that change nothing, which a running program loads its parts from", async () => {
    const before = statSync(dist).ino;
    await Promise.all([build(), build()]);
    expect(statSync(dist).ino).toBe(before);
  });
});

/** The files that some files can't run without, themselves included. */
function loadedWith(files: readonly string[]): string[] {
  const found = new Set(files);
  for (const name of found) {
    const text = readFileSync(join(dist, name), "utf8");
    for (const [, imported = ""] of text.matchAll(/^(?:import|export)\b[^;]*?"\.\/([\w-]+\.mjs)"/gm))
      found.add(imported);
  }
  return [...found];
}
