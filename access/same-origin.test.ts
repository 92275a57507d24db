import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { isSameOrigin } from "./same-origin.ts";

const BASES = ["http://127.0.0.1:8080", "http://localhost:8080/"];

function post(headers: Record<string, string>): Request {
  return new Request("http://127.0.0.1:8080/settings", { method: "POST", headers });
}

describe("isSameOrigin", () => {
  it("passes what the browser says comes from our own pages", () => {
    expect(isSameOrigin(post({ "sec-fetch-site": "same-origin" }), BASES)).toBe(true);
  });

  it.each(["cross-site", "same-site", "none", "", "Same-Origin", "same-origin, same-origin", "__proto__"])(
    "refuses Sec-Fetch-Site: %s, whatever Origin says",
    (site) => {
      expect(isSameOrigin(post({ "sec-fetch-site": site, origin: "http://127.0.0.1:8080" }), BASES)).toBe(false);
      expect(isSameOrigin(post({ "sec-fetch-site": site }), BASES)).toBe(false);
    },
  );

  it.each(["http://127.0.0.1:8080", "http://localhost:8080"])("passes an older browser on our address %s", (origin) => {
    expect(isSameOrigin(post({ origin }), BASES)).toBe(true);
  });

  it.each([
    ["another site", "https://example.net"],
    ["another scheme", "https://127.0.0.1:8080"],
    ["another port", "http://127.0.0.1:8081"],
    ["no port", "http://127.0.0.1"],
    ["our address as a beginning", "http://127.0.0.1:8080.example.net"],
    ["our address as a user name", "http://127.0.0.1:8080@example.net"],
    ["our address with a slash", "http://localhost:8080/"],
    ["a sandboxed frame", "null"],
    ["an empty origin", ""],
    ["two origins", "http://127.0.0.1:8080, https://example.net"],
    ["a huge origin", `http://${"a".repeat(1_000_000)}`],
  ])("refuses %s without Sec-Fetch-Site", (_what, origin) => {
    expect(isSameOrigin(post({ origin }), BASES)).toBe(false);
  });

  it("refuses the origin null even when a base address has none", () => {
    expect(isSameOrigin(post({ origin: "null" }), ["file:///srv", "not an address"])).toBe(false);
  });

  it("passes a text browser, which sends neither header", () => {
    expect(isSameOrigin(post({}), BASES)).toBe(true);
  });

  it("refuses every origin that is not one of ours", () => {
    const origin = fc.tuple(fc.constantFrom("http", "https"), fc.domain()).map((parts) => parts.join("://"));
    fc.assert(fc.property(origin, (other) => !isSameOrigin(post({ origin: other }), BASES)));
  });
});
