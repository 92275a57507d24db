import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readCookie, sessionCookie, sessionCookieName } from "./cookies.ts";

function requestWith(cookie?: string): Request {
  return new Request("https://example.com/", cookie === undefined ? {} : { headers: { cookie } });
}

describe("readCookie", () => {
  it.each([
    ["alone", "session=abc"],
    ["among others", "a=1; session=abc; b=2"],
    ["without spaces", "a=1;session=abc;b=2"],
    ["with spaces and tabs around", "a=1; \tsession = abc\t ; b=2"],
    ["before another of its name", "session=abc; session=def"],
    ["behind rubbish", ";;=;=x; session=abc"],
  ])("finds a cookie %s", (_where, cookie) => {
    expect(readCookie(requestWith(cookie), "session")).toBe("abc");
  });

  it("keeps equals signs and an empty value", () => {
    expect(readCookie(requestWith("session=a=b=="), "session")).toBe("a=b==");
    expect(readCookie(requestWith("session="), "session")).toBe("");
  });

  it.each([
    ["no header", undefined],
    ["an empty header", ""],
    ["a name without a value", "session"],
    ["another case", "Session=abc"],
    ["a longer name", "xsession=abc"],
    ["the name as a value", "a=session=abc"],
    ["a no-break space before the name", "a=1; \u00a0session=abc"],
    ["a control character before the name", "a=1;\u0085session=abc"],
  ])("finds none in %s", (_what, cookie) => {
    expect(readCookie(requestWith(cookie), "session")).toBeNull();
  });

  it.each(["__proto__", "constructor", "toString"])("finds no cookie %s that nobody sent", (name) => {
    expect(readCookie(requestWith("session=abc"), name)).toBeNull();
  });

  it("reads a huge header in time that grows with its length alone", () => {
    const startedAt = performance.now();
    const blanks = "\t ".repeat(500_000);
    for (const junk of [";".repeat(500_000), "=".repeat(500_000), blanks, `${blanks}a=`, `=${blanks}`]) {
      expect(readCookie(requestWith(`a${junk}a; session=abc`), "session")).toBe("abc");
    }
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});

describe("the session cookie", () => {
  it("is bound to this host, TLS and no scripts, for 30 days", () => {
    expect(sessionCookie("abc234", true)).toBe(
      "__Host-session=abc234; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure",
    );
  });

  it("has a plain name and no Secure on local http", () => {
    expect(sessionCookie("abc234", false)).toBe("session=abc234; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax");
  });

  it("is deleted with the very attributes it was set with", () => {
    expect(sessionCookie(null, true)).toBe("__Host-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
    expect(sessionCookie(null, false)).toBe("session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
  });

  it.each(["", "a;b", "a b", "a\r\nSet-Cookie: x=y", "a,b", "a\n", "\u00e9", "a=b"])(
    "refuses the token %j",
    (token) => {
      expect(() => sessionCookie(token, true)).toThrow(RangeError);
    },
  );

  it("comes back as it was set", () => {
    const token = fc.stringMatching(/^[a-z2-7]{1,60}$/);
    fc.assert(
      fc.property(token, fc.boolean(), (value, secure) => {
        const pair = sessionCookie(value, secure).split(";")[0];
        expect(readCookie(requestWith(`other=1; ${pair}`), sessionCookieName(secure))).toBe(value);
      }),
    );
  });
});
