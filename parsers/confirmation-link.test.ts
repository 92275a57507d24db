import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { isConfirmationLink } from "./confirmation-link.ts";

const TOKEN = "%5BANGjdJ8TOKENTOKENTOKEN_TOKEN%5D-TOKENTOKENTOKEN";

describe("isConfirmationLink", () => {
  it.each([
    `https://mail-settings.google.com/mail/vf-${TOKEN}`,
    `https://mail.google.com/mail/vf-${TOKEN}`,
    "https://mail.google.com/mail/vf-[ANGjdJ8]-abc",
    "https://mail.google.com/mail/vf-%5bANGjdJ8%5d-abc",
  ])("knows %s", (link) => {
    expect(isConfirmationLink(link)).toBe(true);
  });

  it.each([
    ["the link that cancels", `https://mail-settings.google.com/mail/uf-${TOKEN}`],
    ["a way back to the link that cancels", "https://mail.google.com/mail/vf-x/../uf-x"],
    ["an escaped way back", "https://mail.google.com/mail/vf-x%2f..%2fuf-x"],
    ["a way back in other letters", "https://mail.google.com/mail/vf-x\\..\\uf-x"],
    ["no token", "https://mail.google.com/mail/vf-"],
    ["a further step", "https://mail.google.com/mail/vf-abc/"],
    ["a query", "https://mail.google.com/mail/vf-abc?next=x"],
    ["an empty query", "https://mail.google.com/mail/vf-abc?"],
    ["a fragment", "https://mail.google.com/mail/vf-abc#x"],
    ["no encryption", `http://mail.google.com/mail/vf-${TOKEN}`],
    ["another port", `https://mail.google.com:8443/mail/vf-${TOKEN}`],
    ["a user", `https://mail.google.com@mail.google.com/mail/vf-${TOKEN}`],
    ["a password", `https://a:b@mail.google.com/mail/vf-${TOKEN}`],
    ["another host of Google's", `https://docs.google.com/mail/vf-${TOKEN}`],
    ["a host that only begins like Google's", `https://mail.google.com.evil.example/mail/vf-${TOKEN}`],
    ["a host that only ends like Google's", `https://evilmail.google.com/mail/vf-${TOKEN}`],
    ["a dot at the host's end", `https://mail.google.com./mail/vf-${TOKEN}`],
    ["a letter that only looks like a", `https://m\u0430il.google.com/mail/vf-${TOKEN}`],
    ["a letter that folds to s", `https://mail-\u017fettings.google.com/mail/vf-${TOKEN}`],
    ["another path", `https://mail.google.com/url?q=/mail/vf-${TOKEN}`],
    ["capitals in the host", `https://MAIL.google.com/mail/vf-${TOKEN}`],
    ["a line break behind it", `https://mail.google.com/mail/vf-${TOKEN}\n`],
    ["a space before it", ` https://mail.google.com/mail/vf-${TOKEN}`],
    ["nothing", ""],
    ["a huge text", `https://mail.google.com/mail/vf-${"a".repeat(100_000)}?`],
  ])("refuses %s", (_what, link) => {
    expect(isConfirmationLink(link)).toBe(false);
  });

  it("knows no address that a browser would take elsewhere, however it is put together", () => {
    const part = fc.constantFrom(
      ...[
        "https://",
        "http://",
        "mail.google.com",
        "mail-settings.google.com",
        "evil.example",
        "/mail/vf-",
        "/mail/uf-",
      ],
      ...["abc", "%5B", "%5D", "[", "]", "%2f", "..", "/", "\\", "@", ":", "443", "?", "#", "\t", "%", "."],
    );
    const glued = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(""));
    const behindTheHost = glued.map((text) => `https://mail.google.com/mail/vf-${text}`);
    let known = 0;
    fc.assert(
      fc.property(fc.oneof(glued, behindTheHost), (link) => {
        if (!isConfirmationLink(link)) return;
        known += 1;
        const { protocol, host, username, password, pathname, search, hash } = new URL(link);
        expect([protocol, username, password, search, hash]).toEqual(["https:", "", "", "", ""]);
        expect(["mail.google.com", "mail-settings.google.com"]).toContain(host);
        expect(pathname).toMatch(/^\/mail\/vf-[^/\\]+$/);
      }),
      { numRuns: 3000 },
    );
    expect(known).toBeGreaterThan(5);
  });
});
