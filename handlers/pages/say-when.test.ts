import { describe, expect, it } from "vitest";
import { sayAgo, sayLongDay, sayMoment, sayShortDay, sayZone, time } from "./say-when.ts";

const at = (text: string) => Temporal.ZonedDateTime.from(`${text}[America/New_York]`);

describe("the words for a time", () => {
  it("name day, date and clock", () => {
    expect(sayMoment(at("2022-06-05T16:44:31"))).toBe("5 June 2022, 16:44");
    expect(sayMoment(at("2022-06-05T07:04"))).toBe("5 June 2022, 07:04");
    expect(sayShortDay(Temporal.PlainDate.from("2026-11-17"))).toBe("Tue 17 Nov");
    expect(sayLongDay(Temporal.PlainDate.from("2026-02-01"))).toBe("Sunday 1 February 2026");
  });

  it("give no clock to a date that came without one", () => {
    expect(sayMoment(Temporal.PlainDate.from("2022-06-05"))).toBe("5 June 2022");
  });

  it("call a zone by its city", () => {
    expect(sayZone("America/New_York")).toBe("New York");
    expect(sayZone("America/Argentina/Buenos_Aires")).toBe("Buenos Aires");
    expect(sayZone("UTC")).toBe("UTC");
  });

  it.each([
    ["2026-11-20T12:00:30", "just now"],
    ["2026-11-20T11:59:00", "1 minute ago"],
    ["2026-11-20T11:01:00", "59 minutes ago"],
    ["2026-11-20T11:00:00", "1 hour ago"],
    ["2026-11-19T12:00:01", "23 hours ago"],
    ["2026-11-18T12:00:00", "2 days ago"],
    ["2026-11-20T12:03:00", "just now"],
  ])("say how long ago %s was at noon: %s", (then, words) => {
    expect(sayAgo(at(then), at("2026-11-20T12:00:00"))).toBe(words);
  });

  it("carry the exact instant for machines", () => {
    expect(time(at("2022-06-05T16:44:31")).toString()).toBe(
      '<time datetime="2022-06-05T20:44:31Z">5 June 2022, 16:44</time>',
    );
  });
});
