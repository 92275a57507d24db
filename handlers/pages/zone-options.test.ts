import { describe, expect, it } from "vitest";
import { DEFAULT_ZONE } from "../../ledger/days.ts";
import { zoneOptions } from "./zone-options.ts";

describe("zoneOptions", () => {
  it("offers every zone once, with the chosen one selected", () => {
    const markup = zoneOptions(DEFAULT_ZONE).toString();
    const values = [...markup.matchAll(/<option value="([^"]*)"/g)].map(([, value]) => value);
    expect(values).toEqual(expect.arrayContaining([...Intl.supportedValuesOf("timeZone"), "UTC"]));
    expect(new Set(values).size).toBe(values.length);
    expect(markup.match(/<option value="America\/New_York"\s+selected>New York</g)).toHaveLength(1);
    expect(markup.match(/ selected/g)).toHaveLength(1);
  });

  it("keeps a chosen zone that goes by an older name", () => {
    expect(zoneOptions("US/Eastern").toString()).toMatch(/<option value="US\/Eastern"\s+selected>/);
  });

  it("names cities as people there do, the city before its region", () => {
    const markup = zoneOptions("UTC").toString();
    for (const words of [">Salta, Argentina<", ">Kolkata<", ">Kyiv<"]) expect(markup).toContain(words);
  });
});
