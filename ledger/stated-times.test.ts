import { describe, expect, it } from "vitest";
import { candidate, type Said } from "../test/candidate.ts";
import { compareTimes, isLate, statesAnything, statesMoment } from "./stated-times.ts";

describe("what mails state of when a purchase was", () => {
  it.each<[string, Said, boolean, boolean]>([
    ["a time of day", { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" }, true, true],
    ["a date", { at: "2026-11-20", mailed: "2026-11-20T16:44:40" }, false, true],
    ["a date, at the very second that stands for it", { at: "2026-11-20", mailed: "2026-11-20T12:00:00" }, false, true],
    ["nothing", { mailed: "2026-11-20T16:44:40" }, false, false],
  ])("may be %s", (_case, said, isMoment, isAnything) => {
    expect([statesMoment(candidate(said)), statesAnything(candidate(said))]).toEqual([isMoment, isAnything]);
  });

  it.each<[string, string | undefined, string | undefined, ReturnType<typeof compareTimes>]>([
    ["one minute", "2026-11-20T16:44", "2026-11-20T16:44:59", "one"],
    ["two minutes", "2026-11-20T16:44", "2026-11-20T16:45", "different"],
    ["one day", "2026-11-20", "2026-11-20", "one"],
    ["a midnight between two dates", "2026-11-20", "2026-11-21", "possible"],
    ["two days", "2026-11-20", "2026-11-22", "different"],
    ["a moment on the date, in Hawaii", "2026-11-21T09:44", "2026-11-20", "possible"],
    ["a moment on another date", "2026-11-22T09:44", "2026-11-20", "different"],
    ["a date, and nothing on that day", undefined, "2026-11-20", "possible"],
    ["a date, and nothing two days later", undefined, "2026-11-18", "different"],
  ])("compare: %s", (_case, one, other, expected) => {
    const [a, b] = [one, other].map((at) =>
      candidate({ mailed: "2026-11-20T16:44:40", ...(at !== undefined && { at }) }),
    );
    if (a === undefined || b === undefined) throw new Error("There are two.");
    expect([compareTimes(a, b), compareTimes(b, a)]).toEqual([expected, expected]);
  });

  it.each<[string, Said, boolean]>([
    ["an alert", { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" }, false],
    ["a slow alert", { at: "2026-11-20T16:44", mailed: "2026-11-20T22:44:40" }, false],
    ["a mail of the next day", { at: "2026-11-20T16:44", mailed: "2026-11-21T06:53:00" }, true],
    ["an alert at the end of the day in New York", { at: "2026-11-20", mailed: "2026-11-21T04:59:40" }, false],
    ["a mail after midnight in Chicago", { at: "2026-11-20", mailed: "2026-11-21T06:53:00" }, true],
    ["a mail that states nothing", { mailed: "2026-11-20T16:44:40" }, false],
  ])("tell an alert from what was posted: %s", (_case, said, expected) => {
    expect(isLate(candidate(said))).toBe(expected);
  });
});
