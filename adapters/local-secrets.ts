import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as v from "valibot";

import type { LocalSecrets } from "../config.ts";

const secretsFile = v.object({
  webhookCredential: v.pipe(v.string(), v.regex(/^local:\S{32,}$/)),
  linkKey: v.pipe(v.string(), v.regex(/^\S{32,}$/)),
});

/** Whether local mode was ever started on this data folder. */
export function hasLocalSecrets(dataDir: string): boolean {
  return existsSync(pathIn(dataDir));
}

/**
 * The secrets of local mode, made on its first start and readable by their owner alone. Written beside and renamed, so
 * that a crash leaves none or all.
 *
 * @throws Error when the file is there but not as it was written
 */
export function localSecrets(dataDir: string): LocalSecrets {
  const path = pathIn(dataDir);
  if (!existsSync(path)) {
    const secrets: LocalSecrets = { webhookCredential: `local:${secret()}`, linkKey: secret() };
    // What a crash left keeps the mode it has.
    rmSync(`${path}.new`, { force: true });
    writeFileSync(`${path}.new`, `${JSON.stringify(secrets)}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
  try {
    return v.parse(secretsFile, JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new Error(`${path} is damaged. Delete it to get new secrets; links that were sent stop working.`, {
      cause: error,
    });
  }
}

function pathIn(dataDir: string): string {
  return join(dataDir, "secrets.json");
}

function secret(): string {
  return randomBytes(32).toString("base64url");
}
