import { describe, expect, it } from "vitest";

import type { SignatureCheck } from "../../access/dkim.ts";
import { originOf, type MailFacts } from "../../access/origin.ts";
import { sayRoute } from "./say-route.ts";

const AT = Temporal.Instant.from("2026-11-20T17:00:00Z");
const BANK = "alerts@chase.com";
const broken = (defect: Extract<SignatureCheck, { state: "broken" }>["defect"]) =>
  ({ signature: { state: "broken", defect } }) as const;
const signed = (domain: string, ...signedTo: string[]) =>
  ({ signature: { state: "valid", signatures: [{ domain, signedTo, signedAt: null, messageId: null }] } }) as const;

// Written against the rule that names the ways, so that a new one can't come without words.
describe("sayRoute", () => {
  it.each<[Partial<MailFacts>, string]>([
    [{}, `mails from ${BANK} that nobody signed`],
    [
      broken("uncovered"),
      `mails from ${BANK} that have a signature which leaves their subject, date or addresses open`,
    ],
    [broken("expired"), `mails from ${BANK} that have a signature which had expired`],
    [broken("no_key"), `mails from ${BANK} that have a signature which its maker no longer stands by`],
    [broken("changed"), `mails from ${BANK} that were changed after they were signed`],
    [broken("unusable"), `mails from ${BANK} that have a signature which can't be checked`],
    [signed("list.example.com", "jane@example.com"), `mails from ${BANK} that list.example.com signed`],
    [signed("chase.com", "joe@example.com"), `mails from ${BANK} that were written to joe@example.com`],
    [signed("chase.com"), `mails from ${BANK} that were written to nobody in particular`],
    [{ forwardedBy: "jane@example.com" }, `alerts from ${BANK} that jane@example.com forwards, without a signature`],
    [{ forwardedBy: "joe@example.com" }, `alerts from ${BANK} that joe@example.com forwards, without a signature`],
    [
      { forwardedBy: "joe@example.com", ...signed("example.com", "jane@example.com") },
      `alerts from ${BANK} that joe@example.com forwards`,
    ],
  ])("%j: %s", (facts, words) => {
    expect(sayRoute(routeOf(facts) ?? "none")).toBe(words);
  });
});

function routeOf(facts: Partial<MailFacts>): string | null {
  const isOwn = (address: string): boolean => address === "jane@example.com";
  const origin = originOf(
    {
      signature: { state: "absent" },
      providerAligned: false,
      sender: BANK,
      forwardedBy: null,
      pinnedDomains: ["chase.com"],
      receivedAt: AT,
      now: AT,
      ...facts,
    },
    { isOwn, isProven: isOwn, trustedRoutes: new Set(), requiresSignature: false, isLocal: false },
  );
  return origin.verdict === "suspect" ? origin.route : null;
}
