import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";

import type { S3Settings } from "../../config.ts";

const run = promisify(execFile);
const testbed = join(import.meta.dirname, "testbed");
const s3 = join(import.meta.dirname, "s3");

/** A real S3 service (Ceph), with users of its own for one test. */
export type Storage = {
  /** The settings of a user's key to a bucket that nobody made yet, the same for all users. */
  settings(user: "owner" | "machine" | "stranger"): S3Settings;
  /** How the service names a user. */
  arn(user: "owner" | "machine" | "stranger"): string;
  remove(): Promise<void>;
};

/** Starts the service where it doesn't run yet. */
export async function startStorage(): Promise<Storage> {
  const wasRunning = (await run(testbed, ["list"])).stdout.split("\n").some((line) => line.startsWith("s3 "));
  const { stdout } = await run(s3, ["up"]);
  const endpoint = /^ENDPOINT=(\S+)$/m.exec(stdout)?.[1] ?? "";
  const suffix = randomBytes(4).toString("hex");
  const uid = (user: string) => `${user}-${suffix}`;
  const secret = (user: string) => `secret-of-${user}`;
  for (const user of ["owner", "machine", "stranger"]) {
    const keys = `--access-key=${uid(user)} --secret-key=${secret(user)}`;
    await run(testbed, ["ssh", "s3", `radosgw-admin user create --uid=${uid(user)} --display-name=${user} ${keys}`]);
  }
  return {
    settings: (user) => ({
      ...{ endpoint, region: "us-east-1", bucket: `dumps-${suffix}`, prefix: "money/", forcePathStyle: true },
      ...{ accessKeyId: uid(user), secretAccessKey: secret(user) },
    }),
    arn: (user) => `arn:aws:iam:::user/${uid(user)}`,
    async remove() {
      if (!wasRunning) await run(s3, ["down"]);
    },
  };
}
