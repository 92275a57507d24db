import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { forwardedDate, offsetIn } from "./forwarded-date.ts";
import { mailDate } from "./mail-date.ts";

const LATER = Temporal.Instant.from("2100-01-01T00:00:00Z");

describe("the date of a forwarded mail", () => {
  it.each([
    ["Gmail", "Wed, Jun 7, 2023 at 12:06 PM", "7 Jun 2023 12:06:00 -0400"],
    ["Gmail with a narrow space", "Wed, Jun 7, 2023 at 12:06\u202fAM", "7 Jun 2023 00:06:00 -0400"],
    ["Gmail on a phone", "Tue, Oct 6, 2026, 01:27", "6 Oct 2026 01:27:00 -0400"],
    ["Gmail in Britain", "Tue, 6 Oct 2026 at 01:27", "6 Oct 2026 01:27:00 -0400"],
    ["Gmail in Mexico", "sáb, 1 ago 2026, 7:16 p. m.", "1 Aug 2026 19:16:00 -0400"],
    [
      "Gmail in Spain, on a day whose name begins like a month",
      "mar, 6 oct 2026 a las 9:31",
      "6 Oct 2026 09:31:00 -0400",
    ],
    ["Gmail in Brazil", "qua., 27 de out. de 2021 às 09:31", "27 Oct 2021 09:31:00 -0400"],
    [
      "Gmail in France, on a day whose name begins like a month",
      "mar. 6 oct. 2026 à 09:31",
      "6 Oct 2026 09:31:00 -0400",
    ],
    ["Gmail in Quebec", "mer. 27 oct. 2021, à 09 h 31", "27 Oct 2021 09:31:00 -0400"],
    ["Gmail in Germany", "Mi., 27. Okt. 2021 um 09:31 Uhr", "27 Oct 2021 09:31:00 -0400"],
    [
      "Outlook with its zone",
      "Tuesday, April 2, 2024 10:45:26 PM (UTC-08:00) Pacific Time (US & Canada)",
      "2 Apr 2024 22:45:26 -0800",
    ],
    ["Outlook on the web", "Wednesday, October 27, 2021 15:14", "27 Oct 2021 15:14:00 -0400"],
    ["Outlook in Spanish", "martes, 2 de abril de 2024 22:45", "2 Apr 2024 22:45:00 -0400"],
    ["Outlook in Portuguese", "terça-feira, 2 de abril de 2024 22:45", "2 Apr 2024 22:45:00 -0400"],
    ["Outlook in French", "mardi 1er août 2023 22:45", "1 Aug 2023 22:45:00 -0400"],
    ["Outlook in German", "Dienstag, 2. April 2024 22:45", "2 Apr 2024 22:45:00 -0400"],
    ["Outlook for Mac", "Thursday, March 21, 2024 at 8:00 AM", "21 Mar 2024 08:00:00 -0400"],
    ["Apple", "14 July 2026 at 13:22:10 GMT+8", "14 Jul 2026 13:22:10 +0800"],
    ["Apple in the United States", "July 14, 2026 at 1:22:10 PM PDT", "14 Jul 2026 13:22:10 -0700"],
    ["Apple in Spanish", "14 de julio de 2026, 13:22:10 GMT-6", "14 Jul 2026 13:22:10 -0600"],
    ["Apple in French", "26 octobre 2021 à 14:25:08 UTC+3", "26 Oct 2021 14:25:08 +0300"],
    [
      "Apple in German, with a zone that we do not know",
      "26. Oktober 2021 um 14:25:08 OESZ",
      "26 Oct 2021 14:25:08 -0400",
    ],
    ["Proton", "On Saturday, September 13th, 2025 at 2:57 PM", "13 Sep 2025 14:57:00 -0400"],
    ["Yahoo", "Tuesday, November 2, 2021, 09:26:50 AM GMT+5:30", "2 Nov 2021 09:26:50 +0530"],
    ["Thunderbird", "Wed, 3 Nov 2021 15:51:30 +0100", "3 Nov 2021 15:51:30 +0100"],
    ["a day in figures, its year first", "2024-04-02 22:45 UTC", "2 Apr 2024 22:45:00 +0000"],
    ["an hour that is past noon twice", "2 Apr 2024 13:22 PM", "2 Apr 2024 13:22:00 -0400"],
  ])("is read as %s writes it", (_, written, expected) => {
    expect(forwardedDate(written, "-0400")).toBe(expected);
    expect(mailDate(expected, LATER)).not.toBe(LATER);
  });

  it.each([
    "",
    "yesterday",
    "Oct 6, 2026",
    "01:27",
    "02/04/2024 22:45",
    "31 Feb 2026 10:00",
    "6 Jui 2026 10:00",
    "6 Oct 2026 25:00",
    "6 Oct 2026 10:75",
    "6 Oct 26 10:00",
    `6 Oct 2026 10:00 ${"x".repeat(200)}`,
  ])("is empty for %.40j, which names no day and time for sure", (written) => {
    expect(forwardedDate(written, "-0400")).toBe("");
  });

  it("is read back as the same local time by the reader of Date headers, for every minute", () => {
    const minutes = fc.integer({ min: 0, max: Date.UTC(2090, 0) / 60_000 });
    fc.assert(
      fc.property(minutes, (minute) => {
        const gmail = new Date(minute * 60_000).toLocaleString("en-US", {
          ...{ timeZone: "UTC", month: "short", day: "numeric", year: "numeric", hour: "numeric", minute: "2-digit" },
        });
        expect(mailDate(forwardedDate(gmail, "+0000"), LATER).epochMilliseconds).toBe(minute * 60_000);
      }),
    );
  });

  it("never throws, and is either empty or read by the reader of Date headers", () => {
    const unit = fc.constantFrom(..."0126 :,.+-()", "Oct", "märz", "de ", "PM", "GMT", "2026");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (written) => {
        const date = forwardedDate(written, "+0000");
        if (date !== "" && Number(date.split(" ")[2]) >= 1900) expect(mailDate(date, LATER)).not.toBe(LATER);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("the forwarder's distance from UTC", () => {
  it.each([
    ["Tue, 6 Oct 2026 08:02:10 -0400", "-0400"],
    ["Tue, 6 Oct 2026 08:02:10 -04:00 (EDT)", "-0400"],
    ["Tue, 6 Oct 2026 08:02:10 EDT", "-0400"],
    ["Tue, 6 Oct 2026 08:02:10 GMT", "+0000"],
    ["", "+0000"],
    ["Tue, 6 Oct 2026 08:02:10 +9900", "+0000"],
  ])("in %j is %s", (header, offset) => {
    expect(offsetIn(header)).toBe(offset);
  });
});
