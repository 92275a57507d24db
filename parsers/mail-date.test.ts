import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { mailDate } from "./mail-date.ts";

const receivedAt = Temporal.Instant.from("2026-11-20T15:00:00Z");

describe("mailDate", () => {
  it.each([
    ["Sat, 24 May 2025 22:17:24 +0200", "2025-05-24T20:17:24Z"],
    ["Fri, 1 Aug 2014 16:45:32 -04:00", "2014-08-01T20:45:32Z"],
    ["Tue, 3 Mar 2015 08:00:01 -0800 (PST)", "2015-03-03T16:00:01Z"],
    ["Sun,  5 Jun 2022\t20:44:41 +0000", "2022-06-05T20:44:41Z"],
    ["Sun, 05 Jun 2022 20:44 GMT", "2022-06-05T20:44:00Z"],
    ["5 Jun 2022 20:44:41 UTC", "2022-06-05T20:44:41Z"],
    ["Sun, 5 Jun 2022 20:44:41 EST", "2022-06-06T01:44:41Z"],
    ["Sun, 5 Jun 22 20:44:41 Z", "2022-06-05T20:44:41Z"],
    ["Sun, 5 Jun 98 20:44:41 ut", "1998-06-05T20:44:41Z"],
    ["dim., 5 jun 2022 20:44:41 +0530", "2022-06-05T15:14:41Z"],
  ])("believes %s", (header, expected) => {
    expect(mailDate(header, receivedAt).toString()).toBe(expected);
  });

  it.each([
    "",
    "garbage 1",
    "2022-06-05T20:44:41Z",
    "Sun, 31 Feb 2022 20:44:41 +0000",
    "Sun, 5 Jun 2022 24:44:41 +0000",
    "Sun, 5 Jun 2022 20:60:41 +0000",
    "Sun, 5 Jun 2022 20:44:61 +0000",
    "Sun, 5 Jun 2022 20:44:41",
    "Sun, 5 Jun 2022 20:44:41 +9900",
    "Sun, 5 Jun 2022 20:44:41 ET",
    "Sun, 5 Jui 2022 20:44:41 +0000",
    "Sun, 5 Jun 0022 20:44:41 +0000",
    "Sun, 5 Jun 2022 20:44:41 +0000 and more",
    `Sun, 5 Jun 2022 20:44:41 +0000 (${"(".repeat(100_000)})`,
  ])("takes the time of receipt instead of %.40j", (header) => {
    expect(mailDate(header, receivedAt)).toBe(receivedAt);
  });

  it("believes a date up to a day after receipt, and none later", () => {
    expect(mailDate("Sat, 21 Nov 2026 15:00:00 +0000", receivedAt).toString()).toBe("2026-11-21T15:00:00Z");
    expect(mailDate("Sat, 21 Nov 2026 15:00:01 +0000", receivedAt)).toBe(receivedAt);
  });

  it("reads back every second since 1970 that lies before receipt", () => {
    const seconds = fc.integer({ min: 0, max: receivedAt.epochMilliseconds / 1000 });
    fc.assert(
      fc.property(seconds, (second) => {
        const header = new Date(second * 1000).toUTCString();
        expect(mailDate(header, receivedAt).epochMilliseconds).toBe(second * 1000);
      }),
    );
  });

  it("never throws, and never lies more than a day ahead of receipt", () => {
    const latest = receivedAt.add({ hours: 24 });
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."Sun5Jun2022 0123:+-(),Z") }), (header) => {
        expect(Temporal.Instant.compare(mailDate(header, receivedAt), latest)).toBeLessThanOrEqual(0);
      }),
    );
  });
});
