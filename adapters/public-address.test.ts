import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { isPublicAddress } from "./public-address.ts";

describe("isPublicAddress", () => {
  it.each([
    ["1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0"],
    ["169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.167.255.255"],
    ["192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "142.250.80.5"],
    ["2607:f8b0:4004:c07::12", "2a00:1450:4001:82b::2005", "2001:4860:4860::8888", "2001:200::", "3fff:1000::"],
  ])("says yes to %s and the like", (...addresses) => {
    expect(addresses.filter((address) => !isPublicAddress(address))).toEqual([]);
  });

  it.each([
    ["this machine", ["127.0.0.1", "127.255.255.255", "::1"]],
    ["nobody", ["0.0.0.0", "0.255.255.255", "::"]],
    ["a private network", ["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "fd00::1"]],
    ["a network behind a provider", ["100.64.0.1", "100.127.255.255"]],
    ["the wire this machine hangs on", ["169.254.169.254", "fe80::1", "fe80::1%eth0", "fec0::1"]],
    ["a group", ["224.0.0.1", "239.255.255.255", "255.255.255.255", "ff02::1"]],
    ["examples", ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"]],
    ["tests and protocols", ["198.18.0.1", "198.19.255.255", "192.0.0.1", "192.88.99.1", "240.0.0.1", "2001::1"]],
    [
      "an IPv4 address",
      ["::ffff:10.0.0.1", "::ffff:a00:1", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::8.8.8.8", "2002:a00:1::"],
    ],
    [
      "no address",
      ["", "localhost", "mail.google.com", "8.8.8", "08.8.8.8", "0x8.8.8.8", "8.8.8.8 ", "134744072", "[2a00::1]"],
    ],
    ["a public address with a zone", ["2a00:1450:4001:82b::2005%eth0"]],
  ])("says no to %s", (_what, addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });

  it("says the same of one address in every spelling", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }), (groups) => {
        const long = groups.map((group) => group.toString(16).padStart(4, "0").toUpperCase()).join(":");
        const short = new URL(`http://[${long}]`).hostname.slice(1, -1);
        expect(isPublicAddress(long)).toBe(isPublicAddress(short));
      }),
    );
  });

  it("says no to every IPv4 address that is dressed as IPv6", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.constantFrom("::ffff:", "::", "64:ff9b::"), (address, dress) => {
        expect(isPublicAddress(`${dress}${address}`)).toBe(false);
      }),
    );
  });
});
