import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import {
  CreateBucketCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { checkS3 } from "../../adapters/doctor/check-s3.ts";
import { buildProgram, dataFolder, runCommand } from "../program.ts";
import { SERVICE, serviceConfig } from "../service-config.ts";

const s3 = join(import.meta.dirname, "s3");
const stop = new AbortController().signal;
const POLICY = /^\{"Version".*\}$/m;

describe("dumps at a real S3 service", () => {
  let service: Readonly<Record<string, string>>;
  let owner: S3Client;

  beforeAll(async () => {
    await promisify(execFile)(s3, ["down"]);
    const { stdout } = await promisify(execFile)(s3, ["up"]);
    service = Object.fromEntries(
      stdout
        .trim()
        .split("\n")
        .map((line) => line.split("=", 2)),
    );
    const { ENDPOINT: endpoint = "", REGION: region = "", OWNER_KEY_ID = "", OWNER_KEY = "" } = service;
    const credentials = { accessKeyId: OWNER_KEY_ID, secretAccessKey: OWNER_KEY };
    owner = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
    await owner.send(new CreateBucketCommand({ Bucket: "wtmm-dumps" }));
  });
  afterAll(async () => {
    owner?.destroy();
    await promisify(execFile)(s3, ["down"]);
  });

  /** The settings with the key of the user that the policy is for, some of them others. */
  const settings = (change: Record<string, string | undefined> = {}): Record<string, string> => ({
    S3_ENDPOINT: service["ENDPOINT"] ?? "",
    S3_BUCKET: "wtmm-dumps",
    S3_PREFIX: "wtmm",
    S3_ACCESS_KEY_ID: service["KEY_ID"] ?? "",
    S3_SECRET_ACCESS_KEY: service["KEY"] ?? "",
    S3_FORCE_PATH_STYLE: "true",
    DUMP_RECIPIENT: "age1pyr2lv6c7nw7rantdefx6lq5gs6ucm9wfleac06x6t4dcqnt94hs3sr7cn",
    ...change,
  });
  const found = (change: Record<string, string | undefined> = {}) =>
    checkS3().look(serviceConfig(settings(change)), stop);

  it("are in danger with the key of the bucket's owner", async () => {
    const findings = await found({
      S3_ACCESS_KEY_ID: service["OWNER_KEY_ID"],
      S3_SECRET_ACCESS_KEY: service["OWNER_KEY"],
    });
    expect(findings).toMatchObject([
      { state: "green" },
      { state: "red", says: expect.stringContaining("lets our key delete"), fix: expect.stringMatching(POLICY) },
    ]);
    expect((await owner.send(new ListObjectsV2Command({ Bucket: "wtmm-dumps" }))).KeyCount).toBe(0);
  });

  it.each([
    ["NoSuchBucket", { S3_BUCKET: "wtmm-none" }],
    ["InvalidAccessKeyId", { S3_ACCESS_KEY_ID: "nobody" }],
    ["SignatureDoesNotMatch", { S3_SECRET_ACCESS_KEY: "wrong" }],
    ["AccessDenied", {}],
  ])("can't be kept: %s", async (code, change) => {
    expect(await found(change)).toMatchObject([{ state: "red", says: expect.stringContaining(`refuses: ${code},`) }]);
  });

  it("are safe once the policy is there that is printed", async () => {
    const [{ fix } = { fix: null }] = await found();
    const policy = (POLICY.exec(fix ?? "")?.[0] ?? "").replaceAll("user/USER", "user/dumps");
    await owner.send(new PutBucketPolicyCommand({ Bucket: "wtmm-dumps", Policy: policy }));
    for (let time = 0; time < 2; time += 1) {
      expect((await found()).map(({ state, says }) => `${state}: ${says}`)).toEqual([
        `green: wtmm-dumps at ${service["ENDPOINT"]} keeps what is written, and gives it back.`,
        "green: It lets our key delete nothing.",
      ]);
    }
    const { Contents = [] } = await owner.send(new ListObjectsV2Command({ Bucket: "wtmm-dumps" }));
    expect(Contents.map(({ Key }) => Key)).toEqual(["wtmm/doctor/probe"]);
  });

  it("stay out of what else is in the bucket", async () => {
    await owner.send(new PutObjectCommand({ Bucket: "wtmm-dumps", Key: "elsewhere/doctor/probe", Body: "mine" }));
    expect(await found({ S3_PREFIX: "elsewhere" })).toMatchObject([
      { state: "red", says: expect.stringContaining("refuses: AccessDenied,") },
    ]);
  });

  it("are looked at by the program as it is shipped, which tells no secret", () => {
    buildProgram();
    const data = dataFolder();
    // Nothing else outside is there.
    const elsewhere = { PUBLIC_URL: "https://127.0.0.1:9", POSTMARK_API_URL: "http://127.0.0.1:9" };
    const { code, stdout, stderr } = runCommand(["doctor"], {
      ...SERVICE,
      ...settings(),
      ...elsewhere,
      DATA_DIR: data.path,
    });
    data.remove();
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(/^green {3}dumps {8}wtmm-dumps at \S+ keeps what is written, and gives it back\.$/m);
    expect(stdout).toMatch(/^green {3}dumps {8}It lets our key delete nothing\.$/m);
    for (const secret of [SERVICE.LINK_KEYS, SERVICE.POSTMARK_SERVER_TOKEN, service["KEY"] ?? "secret"]) {
      expect(stdout).not.toContain(secret);
    }
  });
});
