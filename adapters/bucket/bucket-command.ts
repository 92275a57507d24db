import { isDeepStrictEqual } from "node:util";

import type { S3Settings } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { reasonOf } from "../doctor/reason-of.ts";
import { bucketRules, type Rule } from "./bucket-rules.ts";
import { openOwnBucket, type OwnBucket } from "./own-bucket.ts";

/** Something that the bucket has to be told. */
type Wish = { readonly says: string; readonly isSo: boolean; readonly grant: () => Promise<unknown> };

/**
 * `wtmm bucket`: makes the bucket for dumps when there is none, has it keep old versions and forget old dumps, and lets the
 * machine's key write and read there but destroy nothing. Rules by other names stay. A second run changes nothing.
 *
 * @param owner the bucket, with the key of its owner in the place of the machine's
 * @param user whose key the machine has: `arn:aws:iam:::user/NAME`; empty where the store's keys know no such policy, and none is set
 * @param isCheck only says what would change
 * @returns a line for each thing, which begins with `changed` or `as it should be`
 * @throws AppError with one sentence when the service refuses
 */
export async function bucketCommand(
  owner: S3Settings,
  user: string,
  isCheck: boolean,
  open: (owner: S3Settings) => Promise<OwnBucket> = openOwnBucket,
): Promise<string[]> {
  const bucket = await open(owner);
  try {
    const wishes = await wishesOf(bucket, owner, user);
    for (const { isSo, grant } of wishes) if (!isSo && !isCheck) await grant();
    return wishes.map(({ says, isSo }) => `${isSo ? "as it should be" : "changed"}: ${says}`);
  } catch (error) {
    const code = error instanceof Error ? error.name : "";
    const says = `${owner.bucket} at ${owner.endpoint} refuses: ${code}, ${reasonOf(error).replace(/\.$/, "")}. This needs the key of its owner.`;
    throw new AppError("unavailable", says, { cause: error });
  } finally {
    bucket.close();
  }
}

/** In the order in which they have to be granted. */
async function wishesOf(bucket: OwnBucket, owner: S3Settings, user: string): Promise<Wish[]> {
  const isThere = await bucket.exists();
  const rules = bucketRules(owner, user);
  const [lifecycle, policy] = isThere ? [await bucket.lifecycle(), user === "" ? [] : await bucket.policy()] : [[], []];
  const [allRules, allStatements] = [withOurs(lifecycle, rules.lifecycle, "ID"), withOurs(policy, rules.policy, "Sid")];
  const granted: Wish = {
    says: `${user} may write and read under "${owner.prefix}", and destroy nothing`,
    isSo: isSame(policy, allStatements),
    grant: () => bucket.setPolicy(allStatements),
  };
  return [
    { says: `there is the bucket ${owner.bucket}`, isSo: isThere, grant: () => bucket.make() },
    {
      says: "it keeps what was overwritten",
      isSo: isThere && (await bucket.keepsVersions()),
      grant: () => bucket.keepVersions(),
    },
    {
      says: "it forgets old dumps",
      isSo: isSame(lifecycle, allRules),
      grant: () => bucket.setLifecycle(allRules),
    },
    ...(user === "" ? [] : [granted]),
  ];
}

/** Ours, and what is there by other names. */
function withOurs(there: readonly Rule[], ours: readonly Rule[], name: "ID" | "Sid"): readonly Rule[] {
  return [...there.filter((one) => !ours.some((own) => own[name] === one[name])), ...ours];
}

/** Services give rules back in another order. */
function isSame(found: readonly Rule[], wanted: readonly Rule[]): boolean {
  return found.length === wanted.length && wanted.every((rule) => found.some((one) => isDeepStrictEqual(one, rule)));
}
