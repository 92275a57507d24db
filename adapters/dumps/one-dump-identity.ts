import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { generateX25519Identity, identityToRecipient } from "age-encryption";

import { syncToDisk } from "../sync-to-disk.ts";

/** What opens one dump and no other, beside the operator's own key. */
export type OneDumpIdentity = {
  /** `AGE-SECRET-KEY-1…` */
  readonly identity: string;
  /** `age1…` */
  readonly recipient: string;
};

const FILE = /^one-dump-(.+)\.key$/;
const OWNER_ONLY = 0o600;

/** One that was never used. */
export async function newOneDumpIdentity(): Promise<OneDumpIdentity> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** Keeps what opens a dump until its drill, readable to its owner alone; it is on disk when this returns. */
export function keepIdentity(folder: string, dumpName: string, identity: string): void {
  writeFileSync(fileOf(folder, dumpName), `${identity}\n`, { mode: OWNER_ONLY, flush: true });
  syncToDisk(folder);
}

/** What opens a dump; null when it is not here, or not any more. */
export function keptIdentity(folder: string, dumpName: string): string | null {
  try {
    const text = readFileSync(fileOf(folder, dumpName), "utf8").trim();
    return text === "" ? null : text;
  } catch {
    return null;
  }
}

/** The names of the dumps that something here opens. */
export function namesOfKept(folder: string): string[] {
  return readdirSync(folder).flatMap((file) => FILE.exec(file)?.[1] ?? []);
}

/** Forgets what opens dumps; also a power cut brings none of it back. */
export function forgetIdentities(folder: string, isForgotten: (dumpName: string) => boolean): void {
  const names = namesOfKept(folder).filter(isForgotten);
  for (const name of names) rmSync(fileOf(folder, name), { force: true });
  if (names.length > 0) syncToDisk(folder);
}

function fileOf(folder: string, dumpName: string): string {
  return join(folder, `one-dump-${dumpName}.key`);
}
