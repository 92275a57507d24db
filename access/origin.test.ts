import { describe, expect, it } from "vitest";

import type { Signature, SignatureCheck, SignatureDefect } from "./dkim.ts";
import { isAuthorSigned, originOf, type MailFacts, type Origin, type Recipient } from "./origin.ts";

const RECEIVED = Temporal.Instant.from("2026-11-20T17:00:00Z");
const OWN = "jane@example.com";
const ALERTS = "alerts+abc@wtmm.example.com";
const STRANGER = "mallory@example.net";
const SENDER = "alerts@bank.example";

const recipient: Recipient = {
  isOwn: (address) => address === OWN || address === ALERTS,
  isProven: (address) => address === OWN,
  trustedRoutes: new Set(),
  requiresSignature: false,
  isLocal: false,
};
const facts: MailFacts = {
  signature: { state: "absent" },
  providerAligned: false,
  sender: SENDER,
  forwardedBy: null,
  pinnedDomains: ["bank.example"],
  receivedAt: RECEIVED,
  now: RECEIVED,
};

function signedBy(changes: Partial<Signature> = {}): SignatureCheck {
  const signature = { domain: "bank.example", signedTo: [OWN], signedAt: RECEIVED.epochMilliseconds, messageId: null };
  return { state: "valid", signatures: [{ ...signature, ...changes }] };
}
function signedAt(duration: Temporal.DurationLike): SignatureCheck {
  return signedBy({ signedAt: RECEIVED.add(duration).epochMilliseconds });
}
function origin(changes: Partial<MailFacts>, wishes: Partial<Recipient> = {}): Origin {
  return originOf({ ...facts, ...changes }, { ...recipient, ...wishes });
}
function routeOf(changes: Partial<MailFacts>): string | null {
  const found = origin(changes);
  return found.verdict === "suspect" ? found.route : `not suspect but ${found.verdict}`;
}
const broken = (defect: SignatureDefect): SignatureCheck => ({ state: "broken", defect });

const UNSIGNED: SignatureCheck[] = [{ state: "absent" }, { state: "no_raw_mail" }];
const UNCHECKED: SignatureCheck[] = [
  { state: "unchecked", cause: "dns" },
  { state: "unchecked", cause: "damaged" },
];
const TRUSTABLE: SignatureDefect[] = ["uncovered", "expired", "no_key", "changed", "unusable"];
const NEVER: SignatureDefect[] = ["doubled", "author", "malformed", "too_large", "too_many", "partial", "weak"];

describe("originOf, on a mail with a valid signature", () => {
  it("is bank-signed when the institution's name signed it for this account", () => {
    expect(origin({ signature: signedBy() })).toEqual({ verdict: "bank-signed", signedBy: "bank.example" });
    expect(origin({ signature: signedBy({ signedTo: [STRANGER, ALERTS] }) }).verdict).toBe("bank-signed");
  });

  it.each([
    [{ hours: -7 * 24 }, "bank-signed"],
    [{ hours: -7 * 24, seconds: -1 }, "addressed"],
    [{ hours: 24 }, "bank-signed"],
    [{ hours: 24, seconds: 1 }, "addressed"],
  ])("counts what was signed %j from its receipt as %s", (distance, verdict) => {
    expect(origin({ signature: signedAt(distance) }).verdict).toBe(verdict);
  });

  it("is addressed when nobody knows when it was signed", () => {
    expect(origin({ signature: signedBy({ signedAt: null }) }).verdict).toBe("addressed");
  });

  it("takes the one of several signatures that is the bank's and recent", () => {
    const own = { messageId: null, signedTo: [OWN], signedAt: RECEIVED.epochMilliseconds };
    const signatures = [
      { ...own, domain: "other.bank.example" },
      { ...own, domain: "bank.example", signedAt: 0 },
      { ...own, domain: "bank.example" },
    ];
    expect(origin({ signature: { state: "valid", signatures } }).verdict).toBe("bank-signed");
    expect(origin({ signature: { state: "valid", signatures: signatures.slice(0, 2) } }).verdict).toBe("addressed");
  });

  it.each([
    ["bank-signed otherwise", signedBy({ signedTo: [STRANGER] }), ["bank.example"]],
    ["old", signedBy({ signedTo: [STRANGER], signedAt: 0 }), ["bank.example"]],
    ["of an institution not known to sign", signedBy({ signedTo: [STRANGER] }), []],
    ["of nobody we know", signedBy({ signedTo: [STRANGER] }), null],
    ["signed to nobody", signedBy({ signedTo: [] }), ["bank.example"]],
  ])("suspects a mail that was signed for somebody else, though it is %s", (_what, signature, pinnedDomains) => {
    expect(origin({ signature, pinnedDomains, providerAligned: true }).verdict).toBe("suspect");
  });

  it("counts a name of the sender's that is not pinned as no signature of the bank's", () => {
    const signature = signedBy({ domain: "shop.bank.example" });
    expect(origin({ signature }).verdict).toBe("suspect");
    expect(origin({ signature, pinnedDomains: [] }).verdict).toBe("addressed");
    expect(origin({ signature, pinnedDomains: null }).verdict).toBe("addressed");
  });
});

describe("originOf, on a mail without one", () => {
  it.each(UNSIGNED)("suspects it if the institution is known to sign: $state", (signature) => {
    expect(origin({ signature }).verdict).toBe("suspect");
  });

  it.each(UNSIGNED)("is addressed if none is known to sign: $state", (signature) => {
    expect(origin({ signature, pinnedDomains: [] }).verdict).toBe("addressed");
    expect(origin({ signature, pinnedDomains: null }).verdict).toBe("addressed");
  });

  it("believes our provider only where there is no raw mail, and never more than addressed", () => {
    expect(origin({ signature: { state: "no_raw_mail" }, providerAligned: true }).verdict).toBe("addressed");
    expect(origin({ signature: { state: "absent" }, providerAligned: true }).verdict).toBe("suspect");
  });

  it.each([...TRUSTABLE, ...NEVER])("suspects a broken signature of any institution: %s", (defect) => {
    for (const pinnedDomains of [["bank.example"], [], null]) {
      expect(origin({ signature: broken(defect), pinnedDomains, providerAligned: true }).verdict).toBe("suspect");
    }
  });

  it.each(UNCHECKED)(
    "waits a day for a signature that could not be checked ($cause), then counts it as none",
    (signature) => {
      const [late, over] = [RECEIVED.add({ hours: 23, minutes: 59 }), RECEIVED.add({ hours: 24 })];
      expect(origin({ signature, now: late }).verdict).toBe("unverified");
      expect(origin({ signature, now: over }).verdict).toBe("suspect");
      expect(origin({ signature, now: late, pinnedDomains: [] }).verdict).toBe("unverified");
      expect(origin({ signature, now: over, pinnedDomains: [] }).verdict).toBe("addressed");
      expect(origin({ signature, now: over, providerAligned: true }).verdict).toBe("suspect");
    },
  );
});

describe("originOf, on a mail forwarded by hand", () => {
  const forwarded = { forwardedBy: OWN, signature: signedBy({ domain: "example.com", signedTo: [ALERTS] }) };

  it("is addressed when the forwarder is the person, and signed", () => {
    expect(origin(forwarded).verdict).toBe("addressed");
    expect(origin({ forwardedBy: OWN, signature: { state: "no_raw_mail" }, providerAligned: true }).verdict).toBe(
      "addressed",
    );
  });

  it("is never bank-signed, though the forwarder works at the bank", () => {
    expect(origin({ forwardedBy: OWN, signature: signedBy() }).verdict).toBe("addressed");
  });

  it.each([
    ["another's", { ...forwarded, forwardedBy: STRANGER }],
    ["from an alert address, which is no mailbox", { ...forwarded, forwardedBy: ALERTS }],
    ["unsigned", { ...forwarded, signature: { state: "absent" } }],
    [
      "unsigned, of an institution not known to sign",
      { ...forwarded, signature: { state: "absent" }, pinnedDomains: [] },
    ],
    ["unsigned, without the raw mail", { ...forwarded, signature: { state: "no_raw_mail" } }],
    ["broken", { ...forwarded, signature: broken("changed"), providerAligned: true }],
    [
      "written to somebody else",
      { ...forwarded, signature: signedBy({ domain: "example.com", signedTo: [STRANGER] }) },
    ],
  ] satisfies [string, Partial<MailFacts>][])("suspects a forward that is %s", (_what, changes) => {
    expect(origin(changes).verdict).toBe("suspect");
  });

  it("waits for the forwarder's signature too", () => {
    expect(origin({ ...forwarded, signature: { state: "unchecked", cause: "dns" } }).verdict).toBe("unverified");
  });
});

describe("originOf, on a mail that our provider's archive gave", () => {
  const recovered = { signature: { state: "recovered" }, providerAligned: true } as const;

  it("is addressed, whatever our provider says of it", () => {
    for (const providerAligned of [true, false]) {
      const found = origin({ ...recovered, providerAligned });
      expect(found).toEqual({ verdict: "addressed", reason: "Recovered, signature not checkable." });
    }
    expect(origin({ ...recovered, forwardedBy: OWN }).verdict).toBe("addressed");
    expect(isAuthorSigned(recovered)).toBe(false);
  });

  it("is suspect when a stranger forwarded it, and for whoever wants only what the bank signed", () => {
    expect(origin({ ...recovered, forwardedBy: STRANGER }).verdict).toBe("suspect");
    expect(origin(recovered, { requiresSignature: true }).verdict).toBe("suspect");
  });

  it("is suspect when we had never said that we had it, whoever sent it and whatever is trusted", () => {
    const refused = { signature: { state: "recovered", neverAcknowledged: true }, providerAligned: true } as const;
    const trusted = { trustedRoutes: new Set(["alerts@bank.example unsigned"]) };
    for (const facts of [refused, { ...refused, forwardedBy: OWN }, { ...refused, forwardedBy: STRANGER }]) {
      expect(origin(facts, trusted)).toMatchObject({ verdict: "suspect", route: null });
    }
  });
});

describe("originOf, by the account's wishes", () => {
  const unsigned = "alerts@bank.example unsigned";

  it("clears exactly the suspicion that was trusted", () => {
    const trusted = { trustedRoutes: new Set([unsigned]) };
    expect(origin({}, trusted)).toEqual({ verdict: "addressed", reason: "You trust this route." });
    expect(origin({ sender: "other@bank.example" }, trusted).verdict).toBe("suspect");
    expect(origin({ signature: broken("changed") }, trusted).verdict).toBe("suspect");
    expect(origin({ signature: signedBy({ signedTo: [STRANGER] }) }, trusted).verdict).toBe("suspect");
    expect(origin({ forwardedBy: OWN }, trusted).verdict).toBe("suspect");
  });

  it.each([
    [unsigned, {}],
    [unsigned, { signature: { state: "no_raw_mail" } }],
    ["alerts@bank.example to mallory@example.net", { signature: signedBy({ signedTo: [STRANGER] }) }],
    ["alerts@bank.example to nobody", { signature: signedBy({ signedTo: [] }) }],
    ["alerts@bank.example signed-by shop.bank.example", { signature: signedBy({ domain: "shop.bank.example" }) }],
    ["alerts@bank.example forwarded-by jane@example.com unsigned", { forwardedBy: OWN }],
    ["alerts@bank.example forwarded-by mallory@example.net unproven-unsigned", { forwardedBy: STRANGER }],
    ["alerts@bank.example forwarded-by mallory@example.net unproven", { forwardedBy: STRANGER, signature: signedBy() }],
    [
      "alerts@bank.example forwarded-by mallory@example.net changed",
      { forwardedBy: STRANGER, signature: broken("changed") },
    ],
  ] satisfies [string, Partial<MailFacts>][])("names the route %s", (route, changes) => {
    expect(routeOf(changes)).toBe(route);
  });

  it.each(TRUSTABLE)("lets a person trust a route on which signatures come to be %s", (defect) => {
    expect(routeOf({ signature: broken(defect) })).toBe(`alerts@bank.example ${defect}`);
  });

  it.each(NEVER)("lets nobody trust what is %s", (defect) => {
    expect(routeOf({ signature: broken(defect) })).toBeNull();
  });

  it("lets nobody trust a mail to several strangers, or a sender who could write another's route", () => {
    expect(routeOf({ signature: signedBy({ signedTo: [STRANGER, "b@example.net"] }) })).toBeNull();
    expect(routeOf({ sender: '"alerts@bank.example unsigned"@evil.example' })).toBeNull();
    expect(routeOf({ sender: "" })).toBeNull();
  });

  it("books nothing but bank-signed mails for who requires the bank's signature", () => {
    const strict = { requiresSignature: true, trustedRoutes: new Set([unsigned]) };
    const refused = {
      verdict: "suspect",
      route: null,
      reason: expect.stringContaining("only what the bank itself signed"),
    };
    expect(origin({ signature: signedBy() }, strict).verdict).toBe("bank-signed");
    expect(origin({}, strict)).toEqual(refused);
    expect(origin({ pinnedDomains: [] }, strict)).toEqual(refused);
    expect(origin({ signature: signedBy({ signedAt: 0 }) }, strict)).toEqual(refused);
    expect(origin({}, { ...strict, isLocal: true })).toEqual(refused);
  });

  it("counts whatever is not bank-signed as addressed in local mode", () => {
    const local = { isLocal: true };
    expect(origin({ signature: signedBy() }, local).verdict).toBe("bank-signed");
    for (const signature of [...UNSIGNED, ...UNCHECKED, broken("doubled"), signedBy({ signedTo: [STRANGER] })]) {
      expect(origin({ signature }, local).verdict).toBe("addressed");
    }
    expect(origin({ forwardedBy: STRANGER }, local).verdict).toBe("addressed");
  });
});

describe("originOf's reasons", () => {
  it("are sentences", () => {
    const checks = [...UNSIGNED, ...UNCHECKED, ...[...TRUSTABLE, ...NEVER].map(broken), signedBy({ signedAt: 0 })];
    const strangers = [
      signedBy({ signedTo: [] }),
      signedBy({ signedTo: [STRANGER] }),
      signedBy({ domain: "b.example" }),
    ];
    for (const signature of [...checks, ...strangers]) {
      for (const changes of [{}, { pinnedDomains: [] }, { forwardedBy: OWN }, { forwardedBy: STRANGER }]) {
        expect(origin({ signature, ...changes })).toMatchObject({
          reason: expect.stringMatching(/^[A-Z].{15,120}\.$/),
        });
      }
    }
  });
});

describe("isAuthorSigned", () => {
  const check = (signature: SignatureCheck, providerAligned: boolean, domain?: string) =>
    isAuthorSigned({ signature, providerAligned }, domain);

  it("wants a valid signature, of the given name if one is given", () => {
    expect(check(signedBy(), false)).toBe(true);
    expect(check(signedBy(), false, "bank.example")).toBe(true);
    expect(check(signedBy(), false, "google.com")).toBe(false);
  });

  it("takes our provider's word only where there is no raw mail", () => {
    expect(check({ state: "no_raw_mail" }, true, "google.com")).toBe(true);
    expect(check({ state: "no_raw_mail" }, false)).toBe(false);
    for (const signature of [broken("changed"), ...UNCHECKED, { state: "absent" } as const]) {
      expect(check(signature, true)).toBe(false);
    }
  });
});
