import { expect, it } from "vitest";

import { seededRandom } from "../test/adversarial/seeded-random.ts";
import { FORGERY_KINDS, onItsWay, openForge, type Forge } from "../test/forgeries.ts";
import { checkSignatures } from "./dkim.ts";
import { originOf, type MailFacts, type Recipient } from "./origin.ts";

const AT = Temporal.Instant.from("2026-11-20T17:00:00Z");
const BANK = "no.reply.alerts@chase.com";
const JANE = "jane@example.com";
const ALERTS = "alerts+mfxg2idcn5xgs5dt@wtmm.example.com";
/** Signing takes its time; each forged mail is judged as it comes by several ways. */
const WAYS = 10;
const HTML = "<p>You spent $63.83 at CORNER STORE.</p>";

const jane = account(JANE, ALERTS);
const john = account("john@example.net", "alerts+zzzzzzzzzz777777@wtmm.example.com");

function account(...own: string[]): Recipient {
  return {
    isOwn: (address) => own.includes(address),
    isProven: (address) => own[0] === address,
    trustedRoutes: new Set(),
    requiresSignature: false,
    isLocal: false,
  };
}

/** Two days on, when whatever could not be checked counts as unsigned. */
async function judge(raw: string, { resolveTxt }: Forge, forwardedBy: string | null) {
  const signature = await checkSignatures(Buffer.from(raw), { resolveTxt, at: AT, sender: forwardedBy ?? BANK });
  const about = { signature, forwardedBy, sender: BANK, pinnedDomains: ["chase.com"] };
  const facts: MailFacts = { ...about, providerAligned: true, receivedAt: AT, now: AT.add({ hours: 48 }) };
  return { signature, verdict: originOf(facts, jane).verdict, elsewhere: originOf(facts, john).verdict };
}

const alerts = { what: "alerts", count: 8_000, sender: BANK, victim: JANE, forwardedBy: null, genuine: "bank-signed" };
const forwards = {
  what: "forwards",
  count: 2_000,
  sender: JANE,
  victim: ALERTS,
  forwardedBy: JANE,
  genuine: "addressed",
};

it.each([alerts, forwards])(
  "believes none of $count forged $what at the person's own secret address or another's, and every genuine one",
  async ({ sender, victim, forwardedBy, count, genuine }) => {
    const random = seededRandom(count);
    const forge = openForge({ sender, victim, html: HTML, at: AT }, random);
    for (let number = 0; number < count; number += WAYS) {
      const kind = random.pick(FORGERY_KINDS);
      const raw = await forge.forge(kind);
      for (let way = 0; way < WAYS; way++) {
        const judged = { kind, ...(await judge(onItsWay(raw, random), forge, forwardedBy)) };
        expect(judged).toMatchObject({ verdict: "suspect", elsewhere: "suspect" });
      }
      const control = await judge(onItsWay(await forge.genuine(), random), forge, forwardedBy);
      expect(control).toMatchObject({ verdict: genuine, elsewhere: "suspect" });
    }
  },
  120_000,
);
