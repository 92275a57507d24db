import { createHmac, hkdfSync } from "node:crypto";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyText } from "../test/any-text.ts";
import { type Link, LINK_MINUTES, signLink, verifyLink } from "./links.ts";

const KEY = "first-key-0123456789abcdefghijkl";
const OLD_KEY = "older-key-0123456789abcdefghijkl";
const NOW = Temporal.Instant.from("2026-11-20T10:00:00Z");
const LINK: Link = {
  accountId: "account-1",
  purpose: "sign-in",
  linkId: "link-1",
  epoch: 3,
  expiresAt: NOW.add({ minutes: LINK_MINUTES }),
  next: "/day/2026-11-20",
};
const INVALID = { state: "invalid" };

/** Signs any fields the way the format says, written apart from the code under test. */
function forge(fields: unknown, context: string, key = KEY): string {
  const derived = (info: string, bytes: number) => Buffer.from(hkdfSync("sha256", key, "", info, bytes));
  const payload = Buffer.from(JSON.stringify(fields)).toString("base64url");
  const signed = `${derived("link key id", 6).toString("base64url")}.${payload}`;
  return `${signed}.${createHmac("sha256", derived(context, 32)).update(signed).digest("base64url")}`;
}

function fieldsOf(changes: { next?: unknown; epoch?: unknown; expiresMs?: unknown } = {}): unknown[] {
  const { next = null, epoch = 3, expiresMs = LINK.expiresAt.epochMilliseconds } = changes;
  return ["account-1", "link-1", epoch, expiresMs, next];
}

const anyLink = fc.record({
  accountId: fc.string({ maxLength: 40 }),
  purpose: fc.constant("sign-in" as const),
  linkId: fc.string({ maxLength: 40 }),
  epoch: fc.nat(),
  expiresAt: fc.nat(4_000_000_000).map((seconds) => Temporal.Instant.fromEpochMilliseconds(seconds * 1000)),
  next: fc.constantFrom(null, "/connect", "/purchases?q=a%20b"),
});

describe("a signed link", () => {
  it("says the same after the journey, whatever it says", () => {
    fc.assert(
      fc.property(anyLink, (link) => {
        const verdict = verifyLink(signLink(link, [KEY]), "sign-in", [KEY], link.expiresAt.subtract({ seconds: 1 }));
        expect(verdict.state).toBe("valid");
        if (verdict.state === "invalid") return;
        expect({ ...verdict.link, expiresAt: verdict.link.expiresAt.toString() }).toEqual({
          ...link,
          expiresAt: link.expiresAt.toString(),
        });
      }),
    );
  });

  it("needs no escaping in an address", () => {
    fc.assert(fc.property(anyLink, (link) => /^[\w.-]+$/.test(signLink(link, [KEY]))));
  });

  it("is refused after any one character was changed, added or taken away", () => {
    const token = signLink(LINK, [KEY]);
    for (let at = 0; at <= token.length; at += 1) {
      const [before, after] = [token.slice(0, at), token.slice(at)];
      for (const letter of ["A", "B", "_", ".", "=", " ", "\n", "\u00e9"]) {
        expect(verifyLink(before + letter + after, "sign-in", [KEY], NOW)).toEqual(INVALID);
        if (after[0] === letter || after === "") continue;
        expect(verifyLink(before + letter + after.slice(1), "sign-in", [KEY], NOW)).toEqual(INVALID);
      }
      if (after !== "") expect(verifyLink(before + after.slice(1), "sign-in", [KEY], NOW)).toEqual(INVALID);
    }
  });

  it("refuses every other spelling of the same MAC bytes", () => {
    const token = signLink(LINK, [KEY]);
    const mac = Buffer.from(token.slice(-43), "base64url");
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const twins = [...alphabet]
      .map((letter) => token.slice(0, -1) + letter)
      .filter((twin) => twin !== token && Buffer.from(twin.slice(-43), "base64url").equals(mac));
    expect(twins).toHaveLength(3);
    for (const twin of twins) expect(verifyLink(twin, "sign-in", [KEY], NOW)).toEqual(INVALID);
  });

  it("covers every field, so that parts of two links don't make a third", () => {
    const parts = signLink(LINK, [KEY]).split(".");
    const others: Partial<Link>[] = [
      { accountId: "account-2" },
      { linkId: "link-2" },
      { epoch: 4 },
      { expiresAt: LINK.expiresAt.add({ hours: 1 }) },
      { next: null },
    ];
    for (const change of others) {
      const other = signLink({ ...LINK, ...change }, [KEY]).split(".");
      expect(other[1]).not.toBe(parts[1]);
      expect(verifyLink([parts[0], other[1], parts[2]].join("."), "sign-in", [KEY], NOW)).toEqual(INVALID);
    }
  });

  it("is mailed for half an hour", () => {
    expect(LINK_MINUTES).toBe(30);
  });

  it("is valid until the instant of its expiry and expired from there on", () => {
    const token = signLink(LINK, [KEY]);
    const before = LINK.expiresAt.subtract({ milliseconds: 1 });
    expect(verifyLink(token, "sign-in", [KEY], before).state).toBe("valid");
    expect(verifyLink(token, "sign-in", [KEY], LINK.expiresAt).state).toBe("expired");
  });

  it("still names its account when it is expired", () => {
    const verdict = verifyLink(signLink(LINK, [KEY]), "sign-in", [KEY], NOW.add({ hours: 24 }));
    expect(verdict).toMatchObject({ state: "expired", link: { accountId: "account-1" } });
  });

  it("expires no later than asked when the expiry has parts of a millisecond", () => {
    const expiresAt = Temporal.Instant.from("2026-11-20T10:30:00.0009Z");
    const verdict = verifyLink(signLink({ ...LINK, expiresAt }, [KEY]), "sign-in", [KEY], NOW);
    expect(verdict.state === "valid" && verdict.link.expiresAt.toString()).toBe("2026-11-20T10:30:00Z");
  });

  it("leaves a path that is not ours out when signing", () => {
    const token = signLink({ ...LINK, next: "//example.net" }, [KEY]);
    expect(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).not.toContain("example.net");
    expect(verifyLink(token, "sign-in", [KEY], NOW)).toMatchObject({ state: "valid", link: { next: null } });
  });

  it("leaves a path that is not ours out when verifying", () => {
    const token = forge(fieldsOf({ next: "//example.net" }), "link for sign-in");
    expect(verifyLink(token, "sign-in", [KEY], NOW)).toMatchObject({ state: "valid", link: { next: null } });
  });
});

describe("the keys of links", () => {
  it("verify one and all, while the first signs", () => {
    const old = signLink(LINK, [OLD_KEY]);
    expect(verifyLink(old, "sign-in", [KEY, OLD_KEY], NOW).state).toBe("valid");
    expect(verifyLink(old, "sign-in", [KEY], NOW)).toEqual(INVALID);
    expect(verifyLink(signLink(LINK, [KEY, OLD_KEY]), "sign-in", [OLD_KEY], NOW)).toEqual(INVALID);
  });

  it("are separate for every purpose", () => {
    expect(verifyLink(forge(fieldsOf(), "link for sign-in"), "sign-in", [KEY], NOW).state).toBe("valid");
    expect(verifyLink(forge(fieldsOf(), "link for something else"), "sign-in", [KEY], NOW)).toEqual(INVALID);
    const proof = signLink({ ...LINK, purpose: "prove-address" }, [KEY]);
    expect(verifyLink(proof, "prove-address", [KEY], NOW)).toMatchObject({ link: { purpose: "prove-address" } });
    expect(verifyLink(proof, "sign-in", [KEY], NOW)).toEqual(INVALID);
    expect(verifyLink(signLink(LINK, [KEY]), "prove-address", [KEY], NOW)).toEqual(INVALID);
  });

  it("do not show in the token", () => {
    const token = signLink(LINK, [KEY]);
    const shown = token.split(".").map((part) => Buffer.from(part, "base64url").toString("latin1"));
    expect(shown.join() + token).not.toContain(KEY.slice(0, 6));
  });

  it("are never empty: anyone could sign with that", () => {
    expect(() => signLink(LINK, [""])).toThrow(RangeError);
    expect(() => signLink(LINK, [])).toThrow(RangeError);
    expect(verifyLink(forge(fieldsOf(), "link for sign-in", ""), "sign-in", [""], NOW)).toEqual(INVALID);
    expect(verifyLink(signLink(LINK, [KEY]), "sign-in", [], NOW)).toEqual(INVALID);
  });
});

describe("verifyLink", () => {
  it("answers invalid, without throwing, whatever it is given", () => {
    const piece = fc.oneof(anyText, fc.base64String(), fc.constantFrom("__proto__", "\u0000"));
    const hostile = fc.oneof(
      piece,
      fc.tuple(piece, piece, piece).map((parts) => parts.join(".")),
    );
    fc.assert(fc.property(hostile, (token) => verifyLink(token, "sign-in", [KEY], NOW).state === "invalid"));
  });

  it.each([
    ["too few fields", ["a", "b"]],
    ["too many fields", [...fieldsOf(), "more"]],
    ["an object", { accountId: "a", __proto__: null }],
    ["nothing", null],
    ["an epoch that is no whole number", fieldsOf({ epoch: 1.5 })],
    ["an expiry beyond all time", fieldsOf({ expiresMs: 1e300 })],
    ["an expiry that is a text", fieldsOf({ expiresMs: "1" })],
  ])("refuses a rightly signed token that holds %s", (_what, fields) => {
    expect(verifyLink(forge(fields, "link for sign-in"), "sign-in", [KEY], NOW)).toEqual(INVALID);
  });

  it("looks at no more than a link's length", () => {
    const token = `aaaaaaaa.${"a".repeat(20_000_000)}.${"a".repeat(43)}`;
    const startedAt = performance.now();
    for (let round = 0; round < 1000; round += 1) {
      expect(verifyLink(token, "sign-in", [KEY], NOW).state).toBe("invalid");
    }
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(() => signLink({ ...LINK, accountId: "a".repeat(1000) }, [KEY])).toThrow(RangeError);
  });

  it("refuses a rightly signed token that is too long", () => {
    const token = forge(["a".repeat(1000), "link-1", 3, 0, null], "link for sign-in");
    expect(verifyLink(token, "sign-in", [KEY], NOW)).toEqual(INVALID);
  });
});
