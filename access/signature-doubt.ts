import type { dkimVerify } from "mailauth/lib/dkim/verify.js";

import type { SignatureDefect } from "./dkim.ts";

/** What the verifier says of one signature. */
export type Verified = Awaited<ReturnType<typeof dkimVerify>>["results"][number];

/** Why a signature does not count; when it is `damaged`, that may be the way it came. */
export type Doubt = SignatureDefect | "damaged";

/** What is not covered can be another's. */
const COVERED = ["from", "to", "subject", "date"];
/** What a byte that is not UTF-8 becomes when a mail is carried in JSON. */
const LOST = Buffer.from("\uFFFD");
/** The verifier calls all of these neutral, and tells them apart in words alone. */
const NEUTRAL: Readonly<Record<string, Doubt>> = {
  "body hash did not verify": "changed",
  expired: "expired",
  "invalid expiration": "expired",
  "no key": "no_key",
  "invalid public key": "no_key",
};

/** Why that signature of the mail does not count; null when it holds in every respect. */
export function doubtOf({ status, canonBodyLengthLimited, signingHeaders }: Verified, mail: Buffer): Doubt | null {
  if (canonBodyLengthLimited) return "partial";
  const covered = signingHeaders?.keys.toLowerCase().split(": ") ?? [];
  if (!COVERED.every((name) => covered.includes(name))) return "uncovered";
  if (status.result === "pass") return null;
  const doubt = doubtFromStatus(status);
  return doubt === "changed" && mail.includes(LOST) ? "damaged" : doubt;
}

function doubtFromStatus({ result, comment = "" }: Verified["status"]): Doubt {
  if (result === "fail") return "changed";
  if (result === "policy") return "weak";
  return NEUTRAL[comment] ?? "unusable";
}
