import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wtmm-boundaries-"));
  copyFileSync(join(root, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the lint's folder boundaries", () => {
  const outside = [
    "@libsql/client",
    "@libsql/client/sqlite3",
    "postmark",
    "pino",
    "prom-client",
    "smtp-server",
    "@hono/node-server",
  ];
  const host = ["node:http", "node:fs", "node:fs/promises", "node:net", "node:worker_threads", "node:child_process"];
  const pure = [...outside, ...host, "../adapters/libsql.ts", "../handlers/webhook.ts", "../app.ts", "../config.ts"];

  it.each([
    ["parsers/probe.ts", [...pure, "node:crypto"]],
    ["parsers/chase/probe.ts", [...pure, "node:crypto"]],
    ["ledger/probe.ts", [...pure, "node:crypto"]],
    ["access/probe.ts", [...pure, "node:zlib"]],
    ["handlers/probe.ts", [...outside, ...host, "../adapters/libsql.ts"]],
    ["handlers/pages/probe.ts", [...outside, ...host, "../../adapters/libsql.ts"]],
    ["router.ts", [...outside, ...host, "./adapters/libsql.ts"]],
  ])("stop %s from importing the outside", (file, specifiers) => {
    expect(refused(file, specifiers)).toEqual(specifiers);
  });

  it.each([
    ["adapters/probe.ts", [...outside, ...host]],
    ["main.ts", [...outside, ...host, "./adapters/libsql.ts"]],
    ["schema/probe.ts", outside],
    ["handlers/probe.ts", ["node:crypto", "../app.ts", "../ledger/money.ts", "hono/html"]],
    ["access/probe.ts", ["node:crypto", "../errors.ts"]],
    ["parsers/chase/probe.ts", ["../parser.ts", "../../ledger/money.ts"]],
  ])("let %s import what it is there for", (file, specifiers) => {
    expect(refused(file, specifiers)).toEqual([]);
  });
});

/** Those of the specifiers that the lint refuses as an import of the file, each told with a reason of ours. */
function refused(file: string, specifiers: readonly string[]): string[] {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, specifiers.map((specifier) => `import "${specifier}";\n`).join(""));
  const lint = [join(root, "node_modules/oxlint/bin/oxlint"), "--format=json", file];
  const { stdout, stderr, error } = spawnSync(process.execPath, lint, { cwd: folder, encoding: "utf8" });
  if (stdout === "") throw new Error(`The lint said nothing: ${stderr}`, { cause: error });
  const { diagnostics }: Report = JSON.parse(stdout);
  return specifiers.filter((specifier) =>
    diagnostics.some(
      ({ code, message, help }) => code.includes("no-restricted-imports") && message.includes(`'${specifier}'`) && help,
    ),
  );
}

type Report = {
  readonly diagnostics: readonly { readonly code: string; readonly message: string; readonly help?: string }[];
};
