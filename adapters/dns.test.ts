import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { ResolveTxt } from "../access/dkim.ts";
import { openResolver } from "./dns.ts";

const KEY = [["v=DKIM1; p=AAAA"]];
const MINUTE_MS = 60_000;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A lookup that counts what it is asked; an Error is what it rejects with. The last answer goes on for ever. */
function answering(...answers: (string[][] | Error | Promise<string[][]>)[]) {
  const asked: string[] = [];
  const lookup: ResolveTxt = async (name) => {
    const answer = await answers[Math.min(asked.push(name), answers.length) - 1];
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error("No answer was given.");
    return answer;
  };
  return { asked, lookup };
}

function rejection(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe("openResolver", () => {
  it("answers what was looked up", async () => {
    const resolve = openResolver({ lookup: async (name) => [[name], ["and", "more"]] });
    expect(await resolve("s1._domainkey.example.com")).toEqual([["s1._domainkey.example.com"], ["and", "more"]]);
  });

  it("asks again for a record after some minutes, and not before", async () => {
    const { lookup, asked } = answering(KEY);
    const resolve = openResolver({ lookup });
    await resolve("a.example.com");
    vi.advanceTimersByTime(4 * MINUTE_MS);
    expect(await resolve("A.Example.com")).toEqual(KEY);
    expect(asked).toHaveLength(1);
    vi.advanceTimersByTime(2 * MINUTE_MS);
    await resolve("a.example.com");
    expect(asked).toHaveLength(2);
  });

  it.each(["ENOTFOUND", "ENODATA"])("remembers %s for less long, and rejects with it", async (code) => {
    const { lookup, asked } = answering(rejection(code));
    const resolve = openResolver({ lookup });
    await expect(resolve("a.example.com")).rejects.toMatchObject({ code });
    vi.advanceTimersByTime(MINUTE_MS / 2);
    await expect(resolve("a.example.com")).rejects.toMatchObject({ code });
    expect(asked).toHaveLength(1);
    vi.advanceTimersByTime(MINUTE_MS);
    await expect(resolve("a.example.com")).rejects.toMatchObject({ code });
    expect(asked).toHaveLength(2);
  });

  it("never remembers trouble", async () => {
    const resolve = openResolver({ lookup: answering(rejection("ESERVFAIL"), KEY).lookup });
    await expect(resolve("a.example.com")).rejects.toMatchObject({ code: "ESERVFAIL" });
    expect(await resolve("a.example.com")).toEqual(KEY);
  });

  it("counts a question that takes too long as trouble, even if it is answered later", async () => {
    const late = Promise.withResolvers<string[][]>();
    const { lookup, asked } = answering(late.promise);
    const resolve = openResolver({ timeoutMs: 1_000, lookup });
    let code: unknown = "none yet";
    void resolve("a.example.com").catch((error: unknown) => ({ code } = Object(error)));
    await vi.advanceTimersByTimeAsync(999);
    expect(code).toBe("none yet");
    await vi.advanceTimersByTimeAsync(1);
    expect(code).toBe("ETIMEOUT");
    late.resolve(KEY);
    expect(await resolve("a.example.com")).toEqual(KEY);
    expect(asked).toHaveLength(2);
  });

  it("leaves no timer behind", async () => {
    await openResolver({ lookup: answering(KEY).lookup })("a.example.com");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("asks once for those who ask at the same time", async () => {
    const pending = Promise.withResolvers<string[][]>();
    const { lookup, asked } = answering(pending.promise);
    const resolve = openResolver({ lookup });
    const all = Promise.all([resolve("a.example.com"), resolve("A.example.com"), resolve("a.example.com")]);
    pending.resolve(KEY);
    expect(await all).toEqual([KEY, KEY, KEY]);
    expect(asked).toEqual(["a.example.com"]);
  });

  it("forgets the oldest of too many names", async () => {
    const { lookup, asked } = answering(KEY);
    const resolve = openResolver({ lookup });
    for (let name = 0; name < 1_001; name++) await resolve(`${name}.example.com`);
    await resolve("1000.example.com");
    await resolve("1.example.com");
    expect(asked).toHaveLength(1_001);
    await resolve("0.example.com");
    expect(asked).toHaveLength(1_002);
  });
});
