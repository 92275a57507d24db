import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyText } from "../test/any-text.ts";
import { routeOf } from "./recipient.ts";

const DOMAIN = "example.com";
const TOKEN = "abcdefghij234567";
const OTHER = "zzzzzzzzzz777777";
const HASH = "f8d8d155731028dad1b8c9c7bbf1bf13";

function route(recipient: string, mailboxHash = "", ...forwardedTo: string[]) {
  const Headers = forwardedTo.map((Value) => ({ Name: "X-Forwarded-To", Value }));
  return routeOf({ OriginalRecipient: recipient, MailboxHash: mailboxHash, Headers }, DOMAIN);
}
const alert = (token = TOKEN) => ({ kind: "alert", token });
const none = (recipient: string) => ({ kind: "none", recipient });

describe("routeOf", () => {
  it.each([
    ["our domain", `alerts+${TOKEN}@example.com`],
    ["Postmark's address", `${HASH}+${TOKEN}@inbound.postmarkapp.com`],
    ["any case", `Alerts+${TOKEN.toUpperCase()}@Example.COM`],
    ["Postmark's address in any case", `${HASH.toUpperCase()}+${TOKEN.toUpperCase()}@Inbound.PostmarkApp.com`],
    ["angle brackets", ` <alerts+${TOKEN}@example.com> `],
  ])("reads the token of an alert address: %s", (_what, recipient) => {
    expect(route(recipient)).toEqual(alert());
  });

  it("compares the domain without its case on either side", () => {
    const payload = { OriginalRecipient: `alerts+${TOKEN}@example.com`, MailboxHash: "", Headers: [] };
    expect(routeOf(payload, "Example.Com")).toEqual(alert());
  });

  it("takes the envelope's token before MailboxHash, and that before X-Forwarded-To", () => {
    const third = "cccccccccccccccc";
    expect(route(`alerts+${TOKEN}@example.com`, OTHER, `alerts+${third}@example.com`)).toEqual(alert());
    expect(route("alerts@example.com", OTHER, `alerts+${third}@example.com`)).toEqual(alert(OTHER));
    expect(route("alerts@example.com", "", `alerts+${third}@example.com`)).toEqual(alert(third));
    expect(route(`${HASH}@inbound.postmarkapp.com`, ` ${TOKEN.toUpperCase()} `)).toEqual(alert());
  });

  it("finds the token among several addresses of a forwarding chain", () => {
    const chain = `jane@example.net, ${HASH}+${TOKEN}@inbound.postmarkapp.com`;
    expect(route("", "", "someone@example.net", chain)).toEqual(alert());
  });

  it("reads X-Forwarded-To however its name is spelled", () => {
    const Headers = [
      { Name: "X-Forwarded-For", Value: `alerts+${OTHER}@example.com` },
      { Name: "To", Value: `alerts+${OTHER}@example.com` },
      { Name: "x-forwarded-TO", Value: `alerts+${TOKEN}@example.com` },
    ];
    expect(routeOf({ OriginalRecipient: "", MailboxHash: "", Headers }, DOMAIN)).toEqual(alert());
  });

  it("reads the address that Gmail's rule wrote into the envelope's sender, after all others", () => {
    const of = (path: string, ...forwardedTo: string[]) => {
      const forwarded = forwardedTo.map((Value) => ({ Name: "X-Forwarded-To", Value }));
      const Headers = [{ Name: "Return-Path", Value: path }, ...forwarded];
      return routeOf({ OriginalRecipient: "", MailboxHash: "", Headers }, DOMAIN);
    };
    expect(of(`<jane.doe+caf_=alerts+${TOKEN}=example.com@gmail.com>`)).toEqual(alert());
    expect(of(`<jane+x+caf_=${HASH}+${TOKEN}=inbound.postmarkapp.com@gmail.com>`)).toEqual(alert());
    expect(of(`<jane+caf_=alerts+${TOKEN}=example.com@gmail.com>`, `alerts+${OTHER}@example.com`)).toEqual(
      alert(OTHER),
    );
    const wrong = ["example.net", "example.com.example.net", "sub.example.com", ""];
    for (const host of wrong) expect(of(`<jane+caf_=alerts+${TOKEN}=${host}@gmail.com>`)).toEqual(none(""));
    for (const path of [`<alerts+${TOKEN}@example.com>`, `<jane+caf_=alerts+${TOKEN}@gmail.com>`, "<>", "+caf_=@"]) {
      expect(of(path)).toEqual(none(""));
    }
    const second = [
      { Name: "Return-Path", Value: "<>" },
      { Name: "Return-Path", Value: `<jane+caf_=alerts+${TOKEN}=example.com@gmail.com>` },
    ];
    expect(routeOf({ OriginalRecipient: "", MailboxHash: "", Headers: second }, DOMAIN)).toEqual(none(""));
  });

  it("never looks at To", () => {
    const payload = { OriginalRecipient: "", MailboxHash: "", Headers: [], To: `alerts+${TOKEN}@example.com` };
    expect(routeOf(payload, DOMAIN)).toEqual(none(""));
  });

  it("takes mail at alerts@ without a token as shared", () => {
    expect(route("alerts@example.com")).toEqual({ kind: "shared" });
    expect(route("ALERTS@EXAMPLE.COM")).toEqual({ kind: "shared" });
  });

  it("takes mail at info@ as a wish to sign up, whatever tokens the sender wrote elsewhere", () => {
    expect(route("info@example.com")).toEqual({ kind: "signup" });
    expect(route("Info@Example.com", TOKEN, `alerts+${TOKEN}@example.com`)).toEqual({ kind: "signup" });
  });

  it.each([
    `alerts+${TOKEN}@example.com.example.net`,
    `alerts+${TOKEN}@sub.example.com`,
    `alerts+${TOKEN}@example.co`,
    `alerts+${TOKEN}@xample.com`,
    `alerts+${TOKEN}@example.com@example.net`,
    `alerts+${TOKEN}@example.net@example.com`,
    `alerts+${TOKEN}@example.com.`,
    `alerts+${TOKEN}@example.com\n`.padEnd(400, "x"),
    `alerts+${TOKEN}`,
    `@example.com`,
    `+${TOKEN}@example.com`,
    `info+${TOKEN}@example.com`,
    `jane+${TOKEN}@example.com`,
    `xalerts+${TOKEN}@example.com`,
    `alerts+@example.com`,
    `alerts+x+${TOKEN}@example.com`,
    `alerts+${TOKEN}x@example.com`,
    `alerts+${TOKEN.slice(1)}@example.com`,
    `alerts +${TOKEN}@example.com`,
    `"alerts+${TOKEN}"@example.com`,
    `${HASH}+${TOKEN}@postmarkapp.com`,
    `alerts+${TOKEN.slice(1)}\u212a@example.com`,
    `\u0131nfo@example.com`,
    "jane@example.com",
    "info@example.net",
    `${HASH}+x+${TOKEN}@inbound.postmarkapp.com`,
    `${"a".repeat(320)}+${TOKEN}@inbound.postmarkapp.com`,
    DOMAIN,
    "alerts@inbound.postmarkapp.com",
    "info@inbound.postmarkapp.com",
    "__proto__@example.com",
    "",
    "@",
    "\u0000",
  ])("gives mail at %j to nobody", (recipient) => {
    expect(route(recipient)).toEqual(none(recipient.slice(0, 320)));
  });

  it("gives an envelope with a wrong tag to nobody, even when the sender wrote a token elsewhere", () => {
    const guessed = "alerts+guessed@example.com";
    expect(route(guessed, TOKEN, `alerts+${TOKEN}@example.com`)).toEqual(none(guessed));
    const misnamed = `jane+${TOKEN}@example.com`;
    expect(route(misnamed, TOKEN)).toEqual(none(misnamed));
  });

  it.each([
    ["a MailboxHash that is no token", "ahoy", ""],
    ["a MailboxHash with a letter that only looks like k", `${TOKEN.slice(1)}\u212a`, ""],
    ["an X-Forwarded-To at another domain", "", `alerts+${TOKEN}@example.net`],
    ["an X-Forwarded-To that is a token alone", "", TOKEN],
    ["an X-Forwarded-To for someone else here", "", `jane+${TOKEN}@example.com`],
  ])("does not follow %s", (_what, mailboxHash, forwardedTo) => {
    expect(route("jane@example.com", mailboxHash, forwardedTo)).toEqual(none("jane@example.com"));
  });

  it("does not search beyond a header's length, and keeps no more than an address's", () => {
    const far = `${"a@b ".repeat(1000)}alerts+${TOKEN}@example.com`;
    expect(route("x".repeat(5_000_000), "y".repeat(5_000_000), far)).toEqual(none("x".repeat(320)));
  });

  it("gives every token to its own address and to no other, in any case", () => {
    const token = fc.stringMatching(/^[a-z2-7]{16}$/);
    const spell = fc.infiniteStream(fc.boolean());
    fc.assert(
      fc.property(token, spell, (secret, upper) => {
        const address = [...`alerts+${secret}@example.com`];
        const spelled = address.map((letter) => (upper.next().value ? letter.toUpperCase() : letter)).join("");
        expect(route(spelled)).toEqual(alert(secret));
        expect(route("jane@example.com", "", spelled)).toEqual(alert(secret));
      }),
    );
  });

  it("finds no account without a token of the right shape, whatever the texts hold", () => {
    const piece = fc.constantFrom(
      "alerts",
      "info",
      "+",
      "@",
      DOMAIN,
      "inbound.postmarkapp.com",
      HASH,
      "<",
      ">",
      ",",
      " ",
    );
    const hostile = fc.oneof(
      anyText,
      fc.array(piece, { maxLength: 8 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (recipient, mailboxHash, forwardedTo) => {
        fc.pre(![recipient, mailboxHash, forwardedTo].some((text) => /[a-z2-7]{16}/i.test(text.replaceAll(HASH, ""))));
        expect(route(recipient, mailboxHash, forwardedTo).kind).not.toBe("alert");
      }),
    );
  });
});
