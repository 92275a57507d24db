import { statSync, type Stats } from "node:fs";
import { dirname, resolve } from "node:path";
import { userInfo } from "node:os";

import { SECRETS } from "../../config.ts";
import { databaseFileOf } from "../database-file.ts";
import { findingsOf, type MachineCheck, type Finding } from "./finding.ts";

const { green, yellow, red } = findingsOf("permissions");

const FOR_OTHERS = 0o077;
/** Where a provisioned machine keeps secrets, one file each, for systemd to hand to the service. */
const CREDENTIALS = "/etc/wtmm/credentials";

/**
 * Whether what is private can be read by its owner alone, and whether that is us.
 *
 * @param env names the files of secrets (NAME_FILE)
 */
export function checkPermissions(
  env: Readonly<Record<string, string | undefined>>,
  { uid = process.getuid?.() ?? 0, credentials = CREDENTIALS } = {},
): MachineCheck {
  return {
    name: "permissions",
    of: "machine",
    async look({ dataDir, databaseUrl }) {
      const file = databaseFileOf(databaseUrl);
      const secretFiles = SECRETS.map((name) => env[`${name}_FILE`] ?? "").filter((path) => path !== "");
      const findings = [
        ...(uid === 0 ? [asRoot()] : []),
        ...ofFolder(resolve(dataDir), uid),
        ...(file === null ? [] : [file, `${file}-wal`, `${file}-shm`].flatMap((path) => ofFile(path, uid))),
        ...secretFiles.flatMap((path) => closed(path, "600")),
        ...closed(credentials, "700"),
      ];
      return findings.length > 0 ? findings : [green("What is private is readable by its owner alone.")];
    },
  };
}

function asRoot(): Finding {
  return yellow(
    "This runs as root, and what it finds is what root may do.",
    "Run it as the service's user; on a provisioned machine: wtmm doctor",
  );
}

function ofFolder(folder: string, uid: number): Finding[] {
  return [...owned(folder, uid), ...closed(folder, "700")];
}

/** A file in a folder that nobody else may enter is as private as the folder. */
function ofFile(file: string, uid: number): Finding[] {
  const folder = statOf(dirname(resolve(file)));
  const isShut = folder !== null && (folder.mode & FOR_OTHERS) === 0;
  return [...owned(file, uid), ...(isShut ? [] : closed(file, "600"))];
}

function owned(path: string, uid: number): Finding[] {
  const stat = statOf(path);
  if (stat === null || stat.uid === uid || uid === 0) return [];
  const { username } = userInfo();
  return [
    red(`${path} belongs to another user (${stat.uid}) than ours (${username}).`, `sudo chown ${username}: ${path}`),
  ];
}

function closed(path: string, mode: string): Finding[] {
  const stat = statOf(path);
  if (stat === null || (stat.mode & FOR_OTHERS) === 0) return [];
  const shown = (stat.mode & 0o777).toString(8);
  return [red(`${path} is open to others (mode ${shown}).`, `sudo chmod ${mode} ${path}`)];
}

/** Null when there is none yet, or when it lies where we may not look, where others may not either. */
function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}
