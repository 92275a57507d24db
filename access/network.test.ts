import { isIP } from "node:net";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { networkOf } from "./network.ts";

describe("networkOf", () => {
  it.each([
    ["203.0.113.7", "203.0.113.0/24"],
    ["203.0.113.255", "203.0.113.0/24"],
    ["0.0.0.0", "0.0.0.0/24"],
    ["::ffff:203.0.113.7", "203.0.113.0/24"],
    ["::FFFF:CB00:7107", "203.0.113.0/24"],
    ["0:0:0:0:0:ffff:203.0.113.7", "203.0.113.0/24"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"],
    ["2001:0DB8:0001::", "2001:db8:1::/48"],
    ["2001:db8::1", "2001:db8::/48"],
    ["2001:0:1::9", "2001:0:1::/48"],
    ["::1", "::/48"],
    ["::", "::/48"],
    ["::203.0.113.7", "::/48"],
    ["0:0:5:ffff:ffff:ffff:ffff:ffff", "0:0:5::/48"],
  ])("puts %s into %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it.each([
    "",
    "unknown",
    "localhost",
    "256.0.0.1",
    "1.2.3",
    "1.2.3.4.5",
    "0x7f.0.0.1",
    "01.2.3.4",
    "1.2.3.00",
    "::ffff:1.2.3.04",
    "1.2.3.4\n",
    " 1.2.3.4",
    "1.2.3.4:80",
    "[::1]",
    "::1]/@[::",
    "fe80::1%eth0",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "12345::",
    "::ffff:256.0.0.1",
    "\u0661.2.3.4",
    "__proto__",
    ":".repeat(5_000_000),
  ])("calls %j unknown", (address) => {
    expect(networkOf(address)).toBe("unknown");
  });

  it("gives one network for the 256 neighbours of an IPv4 address, however they are written", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.nat(255), (address, last) => {
        const neighbour = [...address.split(".").slice(0, 3), last].join(".");
        expect(networkOf(neighbour)).toBe(networkOf(address));
        expect(networkOf(`::ffff:${neighbour}`)).toBe(networkOf(address));
      }),
    );
  });

  it("looks at the first 48 bits of an IPv6 address and at nothing else", () => {
    const group = fc.nat(0xffff);
    const groups = fc.tuple(fc.integer({ min: 1, max: 0xffff }), group, group);
    const rest = fc.tuple(group, group, group, group, group);
    const write = (all: number[]) => all.map((each) => each.toString(16)).join(":");
    fc.assert(
      fc.property(groups, rest, rest, fc.nat(2), (start, one, other, at) => {
        const network = networkOf(write([...start, ...one]));
        expect(networkOf(write([...start, ...other]))).toBe(network);
        const changed = start.with(at, (start[at] ?? 0) ^ 1);
        expect(networkOf(write([...changed, ...one]))).not.toBe(network);
      }),
    );
  });

  it("knows exactly the addresses that the platform knows", () => {
    const piece = fc.constantFrom("::", ":", ".", "ffff", "1", "0", "256", "1.2.3.4", "g", "%", "]");
    const text = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.array(piece, { maxLength: 9 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(text, (address) => {
        const isKnown = isIP(address) !== 0 && !address.includes("%");
        expect(networkOf(address) !== "unknown").toBe(isKnown);
      }),
      { numRuns: 500 },
    );
  });
});
