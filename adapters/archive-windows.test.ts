import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { halvesOf, searchTimes } from "./archive-windows.ts";

const at = (text: string) => Temporal.Instant.from(text);
const inZone = (text: string, disambiguation: "earlier" | "later") =>
  Temporal.PlainDateTime.from(text).toZonedDateTime("America/New_York", { disambiguation }).toInstant();

describe("searchTimes", () => {
  it("says times as they are in New York, to the second, outwards", () => {
    const window = { from: at("2026-11-20T12:00:00.900Z"), to: at("2026-11-20T13:00:00.100Z") };
    expect(searchTimes(window)).toEqual({ fromdate: "2026-11-20T07:00:00", todate: "2026-11-20T08:00:01" });
    expect(searchTimes({ from: at("2026-07-01T12:00:00Z"), to: null })).toEqual({
      fromdate: "2026-07-01T08:00:00",
      todate: null,
    });
  });

  it("has all of the hour that comes twice when clocks go back", () => {
    const window = { from: at("2026-11-01T05:30:00Z"), to: at("2026-11-01T06:30:00Z") };
    expect(searchTimes(window)).toEqual({ fromdate: "2026-11-01T00:59:59", todate: "2026-11-01T02:00:00" });
  });

  it("covers the window however Postmark takes a time that there is twice", () => {
    const around = fc.integer({ min: Date.UTC(2026, 9, 30), max: Date.UTC(2026, 10, 3) });
    const length = fc.integer({ min: 0, max: 3 * 86_400_000 });
    fc.assert(
      fc.property(around, length, fc.constantFrom("earlier", "later"), (start, ms, reading) => {
        const from = Temporal.Instant.fromEpochMilliseconds(start);
        const to = from.add({ milliseconds: ms });
        const { fromdate, todate } = searchTimes({ from, to });
        expect(Temporal.Instant.compare(inZone(fromdate, reading), from)).toBeLessThanOrEqual(0);
        expect(Temporal.Instant.compare(inZone(todate ?? "", reading), to)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("halvesOf", () => {
  const NOW = at("2026-11-20T12:00:00Z");

  it("halves a window, and one that goes on at what has passed of it", () => {
    const from = NOW.subtract({ hours: 2 });
    const middle = NOW.subtract({ hours: 1 });
    expect(halvesOf({ from, to: NOW }, NOW)).toEqual([
      { from, to: middle },
      { from: middle, to: NOW },
    ]);
    expect(halvesOf({ from, to: null }, NOW)).toEqual([
      { from, to: middle },
      { from: middle, to: null },
    ]);
  });

  it("comes to an end, also in the hour that comes twice", () => {
    const from = at("2026-11-01T04:00:00Z");
    let windows = 0;
    const halve = (window: Parameters<typeof halvesOf>[0]): void => {
      windows += 1;
      for (const half of halvesOf(window, NOW) ?? []) halve(half);
    };
    halve({ from, to: from.add({ hours: 4 }) });
    expect(windows).toBeLessThan(2 * 4 * 3_600);
    expect(halvesOf({ from, to: from.add({ seconds: 1 }) }, NOW)).toBeNull();
  });
});
