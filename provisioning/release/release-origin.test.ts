import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { isReleaseName, releaseOrigin } from "./release-origin.ts";

let work: string;

describe("a release's name", () => {
  const commit = () => git("rev-parse", "HEAD");
  beforeEach(() => {
    work = temporaryFolder();
    put("package.json", `{"version":"1.2.3"}`);
    git("init", "--quiet");
    git("add", ".");
    git("commit", "--quiet", "--message", "First", "--date", "2026-01-02T03:04:05Z");
  });

  it("is the version with the commit behind it, and the version alone at its tag", () => {
    expect(releaseOrigin(work)).toMatchObject({
      name: `1.2.3-${commit().slice(0, 7)}`,
      commit: commit(),
      isChanged: false,
    });
    git("tag", "v1.2");
    expect(releaseOrigin(work).name).toBe(`1.2.3-${commit().slice(0, 7)}`);
    git("tag", "v1.2.3");
    expect(releaseOrigin(work).name).toBe("1.2.3");
  });

  it.each(["package.json", "new.ts"])("says when %s is not the commit's", (file) => {
    put(file, `{"version": "1.2.3"}`);
    expect(releaseOrigin(work)).toMatchObject({ name: `1.2.3-${commit().slice(0, 7)}-changed`, isChanged: true });
  });

  it("is dated as its commit was made", () => {
    expect(releaseOrigin(work).committedAt).toEqual(new Date("2026-01-02T03:04:05Z"));
  });

  it("is refused for a version that no path or argument can hold", () => {
    put("package.json", `{"version":"1.2.3+build"}`);
    expect(() => releaseOrigin(work)).toThrow("can't name a release");
  });

  it("is refused where there is no commit, also inside another project's checkout", () => {
    mkdirSync(join(work, "inside"));
    expect(() => releaseOrigin(join(work, "inside"))).toThrow("no git checkout");
    expect(() => releaseOrigin(temporaryFolder())).toThrow("no git checkout");
  });

  it.each(["0.1.0", "0.1.0-12ac253", "0.1.0-12ac253-changed", "a"])("can be %s", (name) => {
    expect(isReleaseName(name)).toBe(true);
  });

  it.each(["", ".", "..", "a..b", "-a", ".a", "a/b", "a b", "a\nb", "a\n", "é"])("can't be %j", (name) => {
    expect(isReleaseName(name)).toBe(false);
  });
});

function put(file: string, text: string): void {
  writeFileSync(join(work, file), text);
}

function git(...args: string[]): string {
  const who = ["-c", "user.name=Jane Doe", "-c", "user.email=jane@example.com"];
  const env = { ...process.env, GIT_COMMITTER_DATE: "2026-01-02T03:04:05Z" };
  return execFileSync("git", [...who, ...args], { cwd: work, env, encoding: "utf8" }).trim();
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "wtmm-origin-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
