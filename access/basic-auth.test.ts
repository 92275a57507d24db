import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyText } from "../test/any-text.ts";
import { checkBasicAuth } from "./basic-auth.ts";

const CREDENTIALS = ["postmark:old secret", "postmark:new:secret"];
const encode = (text: string) => Buffer.from(text).toString("base64");

describe("checkBasicAuth", () => {
  it.each(CREDENTIALS)("lets %s in, each of several during a rotation", (credential) => {
    expect(checkBasicAuth(`Basic ${encode(credential)}`, CREDENTIALS)).toBe(true);
  });

  it("takes the scheme in any case, as RFC 9110 says", () => {
    expect(checkBasicAuth(`bAsIc ${encode("postmark:old secret")}`, CREDENTIALS)).toBe(true);
  });

  it("compares what is beyond ASCII as UTF-8", () => {
    expect(checkBasicAuth(`Basic ${encode("caf\u00e9:\u{1f511}")}`, ["caf\u00e9:\u{1f511}"])).toBe(true);
  });

  it.each([
    ["no header", null],
    ["an empty header", ""],
    ["a scheme alone", "Basic"],
    ["a scheme and a space", "Basic "],
    ["another scheme", `Bearer ${encode("postmark:old secret")}`],
    ["a wrong password", `Basic ${encode("postmark:old secre")}`],
    ["a longer password", `Basic ${encode("postmark:old secret ")}`],
    ["a line break behind the password", `Basic ${encode("postmark:old secret\n")}`],
    ["another user", `Basic ${encode("Postmark:old secret")}`],
    ["the credential unencoded", "Basic postmark:old secret"],
    ["something behind it", `Basic ${encode("postmark:old secret")} x`],
    ["two credentials", `Basic ${encode("a:b")}, Basic ${encode("postmark:old secret")}`],
    ["a letter base64 has not", `Basic ${encode("postmark:old secret").replace("c", "c-")}`],
    ["a zero byte behind it", `Basic ${encode("postmark:old secret\u0000")}`],
    ["all credentials at once", `Basic ${encode(CREDENTIALS.join(" "))}`],
    ["a name objects have", `Basic ${encode("__proto__:constructor")}`],
    ["a huge header", `Basic ${"A".repeat(5_000_000)}`],
  ])("refuses %s", (_what, header) => {
    expect(checkBasicAuth(header, CREDENTIALS)).toBe(false);
  });

  it.each(["", ":", "user:", ":password", "user"])("lets nobody in with %j even if the settings held it", (text) => {
    expect(checkBasicAuth(`Basic ${encode(text)}`, [text])).toBe(false);
  });

  it("takes a credential to the letter, blanks and all", () => {
    expect(checkBasicAuth(`Basic ${encode("user:password ")}`, ["user:password "])).toBe(true);
    expect(checkBasicAuth(`Basic ${encode("user:password")}`, ["user:password "])).toBe(false);
  });

  it("refuses the other alphabet of base64", () => {
    expect(checkBasicAuth("Basic YTo+Pj4=", ["a:>>>"])).toBe(true);
    expect(checkBasicAuth("Basic YTo-Pj4=", ["a:>>>"])).toBe(false);
  });

  it("lets nobody in when there are no credentials", () => {
    expect(checkBasicAuth(`Basic ${encode("postmark:old secret")}`, [])).toBe(false);
  });

  it("refuses a rightly made header that is too long", () => {
    const credential = `user:${"p".repeat(2000)}`;
    expect(checkBasicAuth(`Basic ${encode(credential)}`, [credential])).toBe(false);
  });

  it("lets in exactly what is among the credentials", () => {
    const part = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" });
    const credential = fc
      .tuple(
        part.map((user) => user.replaceAll(":", ".")),
        part,
      )
      .map((both) => both.join(":"));
    fc.assert(
      fc.property(credential, fc.array(credential), (given, known) => {
        expect(checkBasicAuth(`Basic ${encode(given)}`, [...known, given])).toBe(true);
        expect(checkBasicAuth(`Basic ${encode(given)}`, known)).toBe(known.includes(given));
      }),
    );
  });

  it("never throws, whatever the header holds", () => {
    const hostile = fc.oneof(
      anyText,
      fc.base64String().map((text) => `Basic ${text}`),
    );
    fc.assert(fc.property(hostile, (header) => !checkBasicAuth(header, CREDENTIALS)));
  });
});
