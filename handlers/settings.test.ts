import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { handle } from "../router.ts";
import { allRows, rowsOf } from "../test/database.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { pageOf, wordsOf } from "../test/read-page.ts";
import { get, post } from "../test/requests.ts";
import { cookieOf, mailedToken } from "../test/sign-in.ts";

let app: FakeApp;
let jane: TestPerson;
let joe: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
  joe = await signedIn(app, "joe@example.com");
});
afterEach(() => app.close());

describe("GET /settings", () => {
  it("shows a person's own address, zone and browsers", async () => {
    await secondBrowser("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    const page = await pageOf(app, "/settings", jane.cookie);
    const words = wordsOf(page);
    expect(words).toContain("Signed in as jane@example.com");
    expect(words).toContain("Firefox on Linux");
    expect(page.match(/This one/g)).toHaveLength(1);
    expect(page).toMatch(/value="America\/New_York"\s+selected/);
    expect(page).not.toContain("joe@example.com");
  });

  it("shows a browser's name as text, and takes no more than a line of it", async () => {
    await secondBrowser(`<script>${"x".repeat(5_000)}`);
    expect(await pageOf(app, "/settings", jane.cookie)).not.toContain("<script");
    const [, , , , , , longest] = (await rowsOf(app, "sessions")).find((row) => String(row[6]).length > 10) ?? [];
    expect(String(longest)).toHaveLength(300);
  });

  it.each([
    ["zone", "Saved."],
    ["session", "That browser is signed out."],
    ["others", "All other browsers are signed out."],
    ["links", "No link that was sent so far works any more."],
  ])("with done=%s says: %s", async (done, sentence) => {
    expect(wordsOf(await pageOf(app, `/settings?done=${done}`, jane.cookie))).toContain(sentence);
  });

  it.each(["nothing", "constructor", "__proto__", "toString"])("with done=%s says nothing", async (done) => {
    expect(await pageOf(app, `/settings?done=${done}`, jane.cookie)).not.toContain('class="status"');
  });
});

describe("POST /settings", () => {
  it("switches the weekly letter off and on again, for this person alone", async () => {
    const off = await change({ action: "weekly", weekly: "no" });
    expect([off.status, off.headers.get("location")]).toEqual([303, "/settings?done=no-weekly"]);
    const page = await pageOf(app, "/settings?done=no-weekly", jane.cookie);
    expect(wordsOf(page)).toContain("No more weekly letters. Undo");
    expect(page).toContain("Send it again");
    expect(await app.store.wantsWeeklyLetter(jane.id)).toBe(false);
    expect(await app.store.wantsWeeklyLetter(joe.id)).toBe(true);
    await change({ action: "weekly", weekly: "yes" });
    expect(await app.store.wantsWeeklyLetter(jane.id)).toBe(true);
    expect(await pageOf(app, "/settings", jane.cookie)).toContain("Stop the weekly letter");
  });

  it("sets the zone, for this person alone", async () => {
    const response = await change({ action: "zone", zone: "Europe/Berlin" });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/settings?done=zone"]);
    expect(await app.store.account(jane.id)).toMatchObject({ timeZone: "Europe/Berlin" });
    expect(await app.store.account(joe.id)).toMatchObject({ timeZone: "America/New_York" });
  });

  it.each(["", "Mars/Olympus", "+05:30", "europe/berlin", "Europe/Berlin\u0000", "x".repeat(9_000)])(
    "refuses the zone %j and changes nothing",
    async (zone) => {
      const before = await allRows(app);
      const response = await change({ action: "zone", zone });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain("This time zone is not known.");
      expect(await allRows(app)).toEqual(before);
    },
  );

  it("ends all other browsers of this person and nobody else's", async () => {
    const second = await secondBrowser("Other");
    const response = await change({ action: "revoke-others" });
    expect(response.headers.get("location")).toBe("/settings?done=others");
    expect(await answersTo(jane.cookie, second, joe.cookie)).toEqual([200, 303, 200]);
  });

  it("revokes this person's links and nobody else's", async () => {
    await change({ action: "revoke-links" });
    expect(await app.store.account(jane.id)).toMatchObject({ linkEpoch: 1 });
    expect(await app.store.account(joe.id)).toMatchObject({ linkEpoch: 0 });
    expect(await answersTo(jane.cookie)).toEqual([200]);
  });

  it.each(["", "delete", "__proto__"])("refuses the action %j and changes nothing", async (action) => {
    const before = await allRows(app);
    const response = await change({ action });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("must be one of these: zone, add-address,");
    expect(await allRows(app)).toEqual(before);
  });
});

function change(fields: Record<string, string>): Promise<Response> {
  return handle(post("/settings", fields, jane.cookie), app);
}

/** Jane signs in once more; that browser's cookie. */
async function secondBrowser(userAgent: string): Promise<string> {
  const request = post("/sign-in", { t: await mailedToken(app, "jane@example.com") });
  request.headers.set("user-agent", userAgent);
  return cookieOf(await handle(request, app));
}

async function answersTo(...cookies: string[]): Promise<number[]> {
  const answers = await Promise.all(cookies.map((cookie) => handle(get("/dashboard", cookie), app)));
  return answers.map(({ status }) => status);
}
