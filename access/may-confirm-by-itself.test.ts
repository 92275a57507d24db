import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { mayConfirmByItself, type ConfirmationRequest } from "./may-confirm-by-itself.ts";

const LINK = "https://mail-settings.google.com/mail/vf-%5BANGjdJ8TOKEN%5D-TOKEN";

const genuine: ConfirmationRequest = {
  from: "forwarding-noreply@google.com",
  signedBy: ["google.com"],
  route: "alert",
  hasAccount: true,
  requester: "jane@example.com",
  isProven: (address) => address === "jane@example.com",
  link: LINK,
};

describe("mayConfirmByItself", () => {
  it("says yes to Google's own request for a proven mailbox, at a live alert address", () => {
    expect(mayConfirmByItself(genuine)).toBe(true);
    expect(mayConfirmByItself({ ...genuine, signedBy: ["1e100.net", "google.com"] })).toBe(true);
    expect(mayConfirmByItself({ ...genuine, link: LINK.replace("mail-settings", "mail") })).toBe(true);
  });

  const rows: readonly (readonly [string, Partial<ConfirmationRequest>])[] = [
    ["an invitation that Google signed", { from: "calendar-notification@google.com" }],
    ["an answer to a form that Google signed", { from: "forms-receipts-noreply@google.com" }],
    ["a shared document that Google signed", { from: "drive-shares-dm-noreply@google.com" }],
    ["the sender of old", { from: "forwarding-noreply@googlemail.com" }],
    ["a sender that only begins like Google's", { from: "forwarding-noreply@google.com.evil.example" }],
    ["a sender that only ends like Google's", { from: "xforwarding-noreply@google.com" }],
    ["no sender", { from: "" }],
    ["Google's sender without a signature, whatever a provider says of the mail", { signedBy: [] }],
    ["a signature of another domain", { signedBy: ["evil.example"] }],
    ["a signature of a domain below Google's", { signedBy: ["calendar-server.bounces.google.com"] }],
    ["a signature of a domain that ends like Google's", { signedBy: ["evilgoogle.com"] }],
    ["a signature of Gmail's, which everybody there has", { signedBy: ["gmail.com"] }],
    ["a signature that names Google in other letters", { signedBy: ["google.com.", "google\u3002com"] }],
    ["the address that everybody may write to", { route: "shared" }],
    ["the address that asks for a link", { route: "signup" }],
    ["nobody's address", { route: "none" }],
    ["a delivery that nobody could route", { route: "unreadable" }],
    ["an alert address that is retired or guessed", { hasAccount: false }],
    ["a mailbox that nobody could read", { requester: null }],
    ["a mailbox that the account has not proven", { requester: "mallory@example.com" }],
    ["a mailbox that only begins like the proven one", { requester: "jane@example.com.evil.example" }],
    ["an account that has proven nothing", { isProven: () => false }],
    ["no link, or several", { link: null }],
    ["the link that cancels", { link: LINK.replace("vf-", "uf-") }],
    ["a link to elsewhere", { link: "https://evil.example/mail/vf-abc" }],
    ["a link to another port", { link: LINK.replace(".com/", ".com:8443/") }],
  ];

  it.each(rows)("says no to %s", (_what, change) => {
    expect(mayConfirmByItself({ ...genuine, ...change })).toBe(false);
  });

  it("says no as soon as one thing is missing, whatever else is missing too", () => {
    fc.assert(
      fc.property(fc.subarray([...rows], { minLength: 1 }), (missing) => {
        const changes = missing.map(([, change]) => change);
        expect(mayConfirmByItself(Object.assign({}, genuine, ...changes))).toBe(false);
      }),
    );
  });

  it("asks for nobody's mailbox but the one that wants to forward", () => {
    const asked: string[] = [];
    mayConfirmByItself({ ...genuine, isProven: (address) => asked.push(address) > 0 });
    expect(asked).toEqual(["jane@example.com"]);
  });
});
