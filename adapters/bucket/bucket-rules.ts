import lifecycle from "../../provisioning/bucket/lifecycle.json" with { type: "json" };
import policy from "../../provisioning/bucket/policy.json" with { type: "json" };

import type { S3Settings } from "../../config.ts";

/** A lifecycle rule, or a statement of a policy. */
export type Rule = Readonly<Record<string, unknown>>;

/**
 * The rules in provisioning/bucket/ for one bucket: what it forgets by itself, and what the machine's key may do.
 *
 * @param user whose key the machine has, as the service names users: `arn:aws:iam:::user/NAME`
 */
export function bucketRules(
  { bucket, prefix }: Pick<S3Settings, "bucket" | "prefix">,
  user: string,
): { readonly lifecycle: readonly Rule[]; readonly policy: readonly Rule[] } {
  const filled = (rules: readonly Rule[]): readonly Rule[] =>
    JSON.parse(
      JSON.stringify(rules).replace(
        /BUCKET|PREFIX|USER/g,
        (word) => ({ BUCKET: bucket, PREFIX: prefix })[word] ?? user,
      ),
    );
  return { lifecycle: filled(lifecycle), policy: filled(policy) };
}
