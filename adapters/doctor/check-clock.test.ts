import { expect, it, onTestFinished } from "vitest";

import { CHASE, mailTo } from "../../test/fixture-mails.ts";
import { fakeApp, NOW, signedIn } from "../../test/fake-app.ts";
import { deliverMail } from "../../test/deliver-mail.ts";
import { checkClock, comparedToDate } from "./check-clock.ts";

const stop = new AbortController().signal;

it.each([
  [0, "green"],
  [1, "green"],
  [-1, "red"],
])("a clock that is %d ms after the newest mail is %s", async (ms, state) => {
  const app = await fakeApp();
  onTestFinished(() => app.close());
  const jane = await signedIn(app, "jane@example.com");
  await deliverMail(app, mailTo(jane.alertAddress, CHASE));
  const check = checkClock(() => NOW.epochMilliseconds + ms);
  const place = { dataDir: app.config.dataDir, databaseUrl: app.config.databaseUrl, databaseAuthToken: null };
  expect(await check.look(place, stop)).toMatchObject([{ check: "clock", state }]);
});

it.each(["file:/no/such/wtmm.db", "file:/etc/hostname", "https://db.example.net"])(
  "knows of nothing newer when there is no database to be read: %s",
  async (databaseUrl) => {
    const place = { dataDir: "/no/such", databaseUrl, databaseAuthToken: null };
    expect(await checkClock().look(place, stop)).toMatchObject([{ state: "green" }]);
  },
);

const date = "Fri, 20 Nov 2026 17:00:00 GMT";
it.each([
  [0, "green", "The clock goes like theirs."],
  [9_000, "green", "The clock goes like theirs."],
  [11_000, "yellow", "The clock is 11 s ahead of theirs."],
  [-11_000, "yellow", "The clock is 11 s behind theirs."],
  [121_000, "red", "The clock is 121 s ahead of theirs."],
  [-3_600_000, "red", "The clock is 3600 s behind theirs."],
])("a clock that is %d ms ahead of somebody's is %s", (ms, state, says) => {
  expect(comparedToDate(date, NOW.epochMilliseconds + ms, "theirs")).toMatchObject([{ state, says }]);
});

it("compares itself with nobody who does not say the time", () => {
  expect(comparedToDate(null, 0, "theirs")).toEqual([]);
  expect(comparedToDate("soon", 0, "theirs")).toEqual([]);
});
