import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyText } from "../test/any-text.ts";
import { normaliseEmail } from "./email-address.ts";

describe("normaliseEmail", () => {
  it.each([
    ["jane@example.com", "jane@example.com"],
    ["  Jane.Doe@Example.COM\r\n", "jane.doe@example.com"],
    ["jane+bank@mail.example.co.uk", "jane+bank@mail.example.co.uk"],
    ["o'brien_1-2@example.com", "o'brien_1-2@example.com"],
    ["a@b.cd", "a@b.cd"],
    ["1@3com.example", "1@3com.example"],
    ["jane@M\u00fcnchen.example", "jane@xn--mnchen-3ya.example"],
    ["jane@xn--mnchen-3ya.example", "jane@xn--mnchen-3ya.example"],
    ["jane@\uff45xample.com", "jane@example.com"],
  ])("knows %j as %s", (text, address) => {
    expect(normaliseEmail(text)).toBe(address);
  });

  it.each([
    ["nothing", ""],
    ["no at sign", "jane.example.com"],
    ["no name", "@example.com"],
    ["no domain", "jane@"],
    ["a domain without a dot", "jane@localhost"],
    ["two at signs", "jane@example.com@example.net"],
    ["two addresses", "jane@example.com,john@example.net"],
    ["two addresses by a semicolon", "jane@example.com;john@example.net"],
    ["a comma in the name", "jane,john@example.com"],
    ["a space", "jane doe@example.com"],
    ["a space in the domain", "jane@exam ple.com"],
    ["a header of its own", "jane@example.com\r\nBcc: john@example.net"],
    ["a line break in the name", "jane\n@example.com"],
    ["a tab", "jane\t@example.com"],
    ["a zero byte", "jane\u0000@example.com"],
    ["a name in quotes", '"jane"@example.com'],
    ["a display name", "Jane <jane@example.com>"],
    ["angle brackets", "<jane@example.com>"],
    ["a backslash", "jane\\@example.com"],
    ["a comment", "jane(x)@example.com"],
    ["a leading dot", ".jane@example.com"],
    ["a trailing dot in the name", "jane.@example.com"],
    ["two dots in the name", "ja..ne@example.com"],
    ["a leading dot in the domain", "jane@.example.com"],
    ["two dots in the domain", "jane@example..com"],
    ["a trailing dot in the domain", "jane@example.com."],
    ["a hyphen before the domain", "jane@-example.com"],
    ["an underscore in the domain", "jane@exa_mple.com"],
    ["an IP address", "jane@127.0.0.1"],
    ["an IP address in brackets", "jane@[127.0.0.1]"],
    ["a short IP address in wide digits", "jane@\uff11\uff12\uff17.1"],
    ["a port", "jane@example.com:25"],
    ["a path behind the domain", "jane@m\u00fcnchen.example/x"],
    ["a query behind the domain", "jane@m\u00fcnchen.example?x"],
    ["a percent escape in the domain", "jane@ex%61mple.com"],
    ["an invisible character in the domain", "jane@exam\u00adple.com"],
    ["a text direction mark", "jane\u202e@example.com"],
    ["a no-break space in the name", "ja\u00a0ne@example.com"],
    ["a name beyond ASCII", "j\u00e4ne@example.com"],
    ["a letter that turns into a plain k", "\u212aate@example.com"],
    ["a lone surrogate", "jane@\ud800.com"],
    ["a name that is too long", `${"a".repeat(65)}@example.com`],
    ["a label that is too long", `jane@${"a".repeat(64)}.com`],
    ["an address that is too long", `jane@${"a.".repeat(125)}com`],
    ["an address that grows too long in ASCII", `${"j".repeat(60)}@${"\u00fc.".repeat(60)}example`],
    ["a huge text", "a".repeat(5_000_000)],
    ["huge blanks around it", `${" ".repeat(5_000_000)}jane@example.com`],
  ])("refuses %s", (_what, text) => {
    expect(normaliseEmail(text)).toBeNull();
  });

  it("takes the longest name and label", () => {
    const longest = `${"a".repeat(64)}@${"b".repeat(63)}.example.com`;
    expect(normaliseEmail(longest)).toBe(longest);
  });

  it("knows an address under one spelling, however often it is asked", () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        const once = normaliseEmail(address);
        fc.pre(once !== null);
        expect(once).toBe(address.toLowerCase());
        expect(normaliseEmail(` ${address.toUpperCase()} `)).toBe(once);
        expect(normaliseEmail(once ?? "")).toBe(once);
      }),
    );
  });

  it("gives nothing that could stand for two recipients or break a header", () => {
    const piece = fc.constantFrom("jane", "@", "example.com", ".", ",", "\n", '"', "<", ">", "\u00fc", " ", ":", "/");
    const hostile = fc.oneof(
      anyText,
      fc.array(piece, { maxLength: 8 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const address = normaliseEmail(text);
        if (address !== null) expect(address).toMatch(/^[!#-'*+./-9=?A-Z^-~-]+@[a-z0-9.-]+\.[a-z0-9-]+$/);
      }),
      { numRuns: 1000 },
    );
  });
});
