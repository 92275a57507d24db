import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { alertTokenOf } from "../access/recipient.ts";
import { handle } from "../router.ts";
import { allRows } from "../test/database.ts";
import { deliverMail, purchasesOf, withHeader } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { pageOf, wordsOf } from "../test/read-page.ts";
import { post } from "../test/requests.ts";

let app: FakeApp;
let jane: TestPerson;
let joe: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
  joe = await signedIn(app, "joe@example.com");
});
afterEach(() => app.close());

describe("a new private address", () => {
  it("takes the place of the old one on the page, which says how long the old one works", async () => {
    const response = await press("replace", jane.alertAddress);
    expect([response.status, response.headers.get("location")]).toEqual([303, "/connect?done=replaced"]);
    const page = await pageOf(app, "/connect?done=replaced", jane.cookie);
    expect(shownOn(page)).not.toBe(jane.alertAddress);
    const words = wordsOf(page);
    expect(words).toContain("You have a new private address. The one before works for 30 more days.");
    expect(words).toContain(`${jane.alertAddress} Works until 20 December 2026 Stop it now`);
    expect(await pageOf(app, "/connect", joe.cookie)).toContain(`value="${joe.alertAddress}"`);
  });

  it("takes mail at once, and the old one goes on for 30 days and not a moment longer", async () => {
    await press("replace", jane.alertAddress);
    const fresh = shownOn(await pageOf(app, "/connect", jane.cookie));
    expect(await deliver(fresh, 1)).toBe("booked");
    app.tick({ hours: 15 * 24 });
    expect(wordsOf(await pageOf(app, "/connect", jane.cookie))).toContain("Works until 20 December 2026");
    app.tick({ hours: 15 * 24 - 1, minutes: 59, seconds: 59, milliseconds: 999 });
    expect(await deliver(jane.alertAddress, 2)).toBe("booked");
    app.tick({ milliseconds: 1 });
    expect(await deliver(jane.alertAddress, 3)).toBe("unknown_recipient");
    expect(await deliver(fresh, 4)).toBe("booked");
    expect(await purchasesOf(app, jane)).toHaveLength(3);
    expect(wordsOf(await pageOf(app, "/connect", jane.cookie))).not.toContain("Works until");
  });

  it("is one, however often and fast the button is pressed", async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => press("replace", jane.alertAddress)));
    for (const { status } of answers) expect(status).toBe(303);
    expect(await app.store.alertAddresses(jane.id)).toHaveLength(2);
  });

  it("can be given up for the old one, and takes mail for 30 more days itself", async () => {
    await press("replace", jane.alertAddress);
    const page = await pageOf(app, "/connect?done=replaced", jane.cookie);
    const fresh = shownOn(page);
    expect((await undo(page)).headers.get("location")).toBe("/connect?done=kept");
    expect(shownOn(await pageOf(app, "/connect", jane.cookie))).toBe(jane.alertAddress);
    app.tick({ hours: 31 * 24 });
    expect(await deliver(jane.alertAddress, 1)).toBe("booked");
    expect(await deliver(fresh, 2)).toBe("unknown_recipient");
  });

  it("is where the sample alert goes", async () => {
    await press("replace", jane.alertAddress);
    await handle(post("/connect/sample", {}, jane.cookie), app);
    const [letter] = await app.store.claimLetters(app.now(), 1_000, 1);
    expect(letter?.to).toBe(shownOn(await pageOf(app, "/connect", jane.cookie)));
  });

  it("is refused to an account with ten that work, until one is stopped and a day is over", async () => {
    for (let count = 1; count < 10; count += 1) {
      expect((await press("replace", shownOn(await pageOf(app, "/connect", jane.cookie)))).status).toBe(303);
    }
    const own = shownOn(await pageOf(app, "/connect", jane.cookie));
    const before = await allRows(app);
    const refused = await press("replace", own);
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain("Ten addresses that work or are new today are enough.");
    expect(await allRows(app)).toEqual(before);
    expect((await handle(post("/connect", form("replace", joe.alertAddress), joe.cookie), app)).status).toBe(303);
    await press("stop", jane.alertAddress);
    expect((await press("replace", own)).status).toBe(409);
    app.tick({ hours: 25 });
    expect((await press("replace", own)).status).toBe(303);
    expect((await press("resume", jane.alertAddress)).status).toBe(409);
  });
});

describe("a former private address", () => {
  beforeEach(() => press("replace", jane.alertAddress));

  it("that is stopped takes no mail from then on, and can be taken up again", async () => {
    app.tick({ hours: 1 });
    expect((await press("stop", jane.alertAddress)).headers.get("location")).toBe("/connect?done=stopped");
    expect(await deliver(jane.alertAddress, 1)).toBe("unknown_recipient");
    const page = await pageOf(app, "/connect?done=stopped", jane.cookie);
    expect(wordsOf(page)).toContain("That address takes no mail any more.");
    expect(wordsOf(page)).not.toContain("Works until");
    await undo(page);
    expect(wordsOf(await pageOf(app, "/connect?done=resumed", jane.cookie))).toContain(
      "That address takes mail again.",
    );
    expect(await deliver(jane.alertAddress, 2)).toBe("booked");
  });

  it.each([
    ["stop", "the present one"],
    ["keep", "the present one"],
    ["resume", "the present one"],
    ["resume", "one that works"],
    ["replace", "one that works"],
    ["stop", "another person's"],
    ["keep", "another person's"],
    ["replace", "another person's"],
    ["stop", "nobody's"],
  ])("to %s %s changes nothing", async (action, which) => {
    const addresses: Record<string, string> = {
      "the present one": shownOn(await pageOf(app, "/connect", jane.cookie)),
      "one that works": jane.alertAddress,
      "another person's": joe.alertAddress,
      "nobody's": "alerts+aaaaaaaaaaaaaaaa@wtmm.example.com",
    };
    const before = await allRows(app);
    expect([303, 409]).toContain((await press(action, addresses[which] ?? "")).status);
    expect(await allRows(app)).toEqual(before);
  });

  it("is shown to nobody else, and stands in no address of a page", async () => {
    expect(await pageOf(app, "/connect", joe.cookie)).not.toContain(tokenOf(jane.alertAddress));
    for (const action of ["stop", "resume", "keep"]) {
      const { headers } = await press(action, jane.alertAddress);
      expect(headers.get("location")).not.toContain(tokenOf(jane.alertAddress));
    }
  });

  it("is never another account's, even when its day is over", async () => {
    app.tick({ hours: 31 * 24 });
    const before = await app.store.alertAddresses(jane.id);
    const newToken = tokenOf(jane.alertAddress);
    await app.store.replaceAlertAddress({
      accountId: joe.id,
      token: tokenOf(joe.alertAddress),
      newToken,
      at: app.now(),
    });
    expect(await app.store.alertAddresses(jane.id)).toEqual(before);
    expect(await app.store.account(joe.id)).toMatchObject({ alertToken: tokenOf(joe.alertAddress) });
  });
});

function press(action: string, address: string): Promise<Response> {
  return handle(post("/connect", form(action, address), jane.cookie), app);
}

function form(action: string, address: string): Record<string, string> {
  return { action, token: tokenOf(address) };
}

function tokenOf(address: string): string {
  return alertTokenOf(address, "wtmm.example.com") ?? "";
}

/** The private address that a page shows. */
function shownOn(page: string): string {
  return /id="address" value="([^"]*)"/.exec(page)?.[1] ?? "";
}

/** Presses the button beside what the page says was done. */
function undo(page: string): Promise<Response> {
  const status = page.slice(page.indexOf('class="status"'));
  const [, action = ""] = /name="action" value="([^"]*)"/.exec(status) ?? [];
  const [, token = ""] = /name="token" value="([^"]*)"/.exec(status) ?? [];
  return handle(post("/connect", { action, token }, jane.cookie), app);
}

/** Sends the same alert as another mail each time; what became of it. */
function deliver(address: string, number: number): Promise<string> {
  return deliverMail(app, withHeader(mailTo(address, CHASE), "Message-ID", `<alert-${number}@example.com>`));
}
