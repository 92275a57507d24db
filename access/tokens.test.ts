import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { alertAddress, hashToken, isAlertToken, newAlertToken, newSessionToken, newToken } from "./tokens.ts";

const bytesOf = (text: string) => () => Buffer.from(text);

describe("newToken", () => {
  // The test vectors of RFC 4648, section 10, in lower case and without padding.
  it.each([
    ["", ""],
    ["f", "my"],
    ["fo", "mzxq"],
    ["foo", "mzxw6"],
    ["foob", "mzxw6yq"],
    ["fooba", "mzxw6ytb"],
    ["foobar", "mzxw6ytboi"],
  ])("writes %j the way RFC 4648 does", (plain, written) => {
    expect(newToken(bytesOf(plain), plain.length)).toBe(written);
  });

  it("loses no bit: the bytes can be read back from every token", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const token = newToken(() => bytes, bytes.length);
        const bits = [...token].map((letter) => "abcdefghijklmnopqrstuvwxyz234567".indexOf(letter));
        const binary = bits.map((five) => five.toString(2).padStart(5, "0")).join("");
        const back = Array.from(bytes, (_byte, at) => Number.parseInt(binary.slice(at * 8, at * 8 + 8), 2));
        expect(back).toEqual([...bytes]);
      }),
    );
  });

  it("refuses a random source that gives less than was asked for", () => {
    expect(() => newToken(() => new Uint8Array(9), 10)).toThrow(RangeError);
    expect(() => newToken(() => new Uint8Array(11), 10)).toThrow(RangeError);
  });
});

describe("the secrets", () => {
  const asked: number[] = [];
  const random = (bytes: number) => {
    asked.push(bytes);
    return new Uint8Array(bytes).fill(255);
  };

  it("have 256 random bits in a session and 80 in an alert address", () => {
    expect(newSessionToken(random)).toMatch(/^[a-z2-7]{52}$/);
    expect(newAlertToken(random)).toMatch(/^[a-z2-7]{16}$/);
    expect(asked).toEqual([32, 10]);
  });

  it("are stored as their SHA-256", () => {
    // FIPS 180's example for the message "abc".
    expect(hashToken("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});

describe("an alert address", () => {
  it("carries its token after the plus", () => {
    expect(alertAddress("abcdefghij234567", "example.com")).toBe("alerts+abcdefghij234567@example.com");
  });

  it("has a token that is recognised, whatever the random bytes", () => {
    const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
    fc.assert(fc.property(bytes, (source) => isAlertToken(newAlertToken(() => source))));
  });

  it.each([
    ["an empty text", ""],
    ["too short a one", "abcdefghij23456"],
    ["too long a one", "abcdefghij2345678"],
    ["capitals", "ABCDEFGHIJ234567"],
    ["digits base32 has not", "abcdefghij234561"],
    ["a line break behind it", "abcdefghij234567\n"],
    ["a letter that only looks like k", "abcdefghij23456\u212a"],
    ["a name objects have", "__proto__"],
    ["a huge text", "a".repeat(5_000_000)],
  ])("does not have %s for a token", (_what, text) => {
    expect(isAlertToken(text)).toBe(false);
  });
});
