import { describe, expect, it } from "vitest";

import type { ResolveTxt } from "./dkim.ts";
import { askForKeys, isAbsence } from "./key-records.ts";

const NAME = "s1._domainkey.bank.example";

function failing(code: string): ResolveTxt {
  return () => Promise.reject(Object.assign(new Error("trouble"), { code }));
}

describe("askForKeys", () => {
  it("hands on what DNS answers", async () => {
    const keys = askForKeys(async (name) => [[name]]);
    expect(await keys.resolve(NAME)).toEqual([[NAME]]);
    expect(keys.hasFailed()).toBe(false);
  });

  it.each(["ENOTFOUND", "ENODATA"])("takes %s for an answer", async (code) => {
    const keys = askForKeys(failing(code));
    await expect(keys.resolve(NAME)).rejects.toMatchObject({ code: "ENOTFOUND" });
    expect(keys.hasFailed()).toBe(false);
  });

  it.each(["ESERVFAIL", "EINVALIDVAL", "ESHORTKEY"])("takes %s for a failure to answer", async (code) => {
    const keys = askForKeys(failing(code));
    await expect(keys.resolve(NAME)).rejects.toMatchObject({ code: "ETIMEOUT" });
    expect(keys.hasFailed()).toBe(true);
  });

  it.each([
    "",
    ".",
    "a..b",
    "a b.example",
    "a.example.",
    `${"a".repeat(64)}.example`,
    "a.".repeat(130) + "example",
    "\u00e9.example",
  ])("knows without asking that there is no key at %j", async (name) => {
    const keys = askForKeys(async () => [["asked"]]);
    await expect(keys.resolve(name)).rejects.toMatchObject({ code: "ENOTFOUND" });
  });

  it("asks ten times at most", async () => {
    const keys = askForKeys(async () => [[]]);
    for (let count = 0; count < 10; count++) await keys.resolve(NAME);
    await expect(keys.resolve(NAME)).rejects.toMatchObject({ code: "ENOTFOUND" });
  });
});

describe("isAbsence", () => {
  it("is not every rejection", () => {
    expect([null, undefined, "ENOTFOUND", { code: "ENOTFOUND" }, new Error("ENOTFOUND")].some(isAbsence)).toBe(false);
  });
});
