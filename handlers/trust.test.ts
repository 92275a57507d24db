import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { handle } from "../router.ts";
import { allRows } from "../test/database.ts";
import { deliverMail, purchasesOf, unsigned, withHeader } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { pageOf, wordsOf } from "../test/read-page.ts";
import { post } from "../test/requests.ts";
import { bankZone, signedMail } from "../test/sign-mail.ts";
import { interpret } from "./interpret.ts";

const ROUTE = "mails from no.reply.alerts@chase.com that nobody signed";
/** A moment after the fixture's purchase. */
const AT = Temporal.Instant.from("2022-06-05T20:45:00Z");

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp({ now: () => AT, resolveTxt: bankZone });
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("the way of a mail in doubt", () => {
  it("is named in review, and trusting it books that mail and those like it, then and later", async () => {
    const [first, second] = [await inDoubt(), await inDoubt()];
    const page = await pageOf(app, "/review", jane.cookie);
    expect(wordsOf(page)).toContain(`Trust this route, and ${ROUTE} are booked without asking`);
    expect(page.match(/value="trust"/g)).toHaveLength(2);
    app.woken.length = 0;
    const response = await decide(first, "trust");
    expect(response.status).toBe(303);
    expect(app.woken).toEqual(["interpret"]);
    expect(wordsOf(await pageOf(app, response.headers.get("location") ?? "", jane.cookie))).toContain(
      "You trust this route.",
    );
    await interpret(app);
    expect((await purchasesOf(app, jane)).map(({ mailId }) => mailId).toSorted()).toEqual([first, second].toSorted());
    expect(await deliverMail(app, aMail())).toBe("booked");
  });

  it("is in doubt again once the trust is ended, by the button beside it or in the settings", async () => {
    const trusted = await decide(await inDoubt(), "trust");
    await interpret(app);
    const page = await pageOf(app, trusted.headers.get("location") ?? "", jane.cookie);
    const [, route = ""] = /name="route" value="([^"]*)"/.exec(page) ?? [];
    const settings = await pageOf(app, "/settings", jane.cookie);
    expect(settings).toContain(`name="route" value="${route}"`);
    expect(wordsOf(settings)).toContain(`M${ROUTE.slice(1)} Since 5 June 2022`);
    expect((await change({ action: "distrust", route })).headers.get("location")).toBe("/settings?done=distrusted");
    expect(wordsOf(await pageOf(app, "/settings", jane.cookie))).not.toContain(ROUTE.slice(1));
    expect(await deliverMail(app, aMail())).toBe("review");
    expect(await purchasesOf(app, jane)).toHaveLength(1);
    expect((await change({ action: "distrust", route })).status).toBe(404);
  });

  it("is trusted once, however often the button is pressed", async () => {
    const id = await inDoubt();
    const answers = await Promise.all(Array.from({ length: 3 }, () => decide(id, "trust")));
    for (const { status } of answers) expect(status).toBe(303);
    expect(await app.store.trustedRoutes(jane.id)).toHaveLength(1);
  });

  it("is nobody else's to trust, or to end the trust in", async () => {
    const joe = await signedIn(app, "joe@example.com");
    const id = await inDoubt();
    const before = await allRows(app);
    expect((await handle(post(`/review/${id}`, { action: "trust" }, joe.cookie), app)).status).toBe(404);
    expect(await allRows(app)).toEqual(before);
    await decide(id, "trust");
    const [route] = await app.store.trustedRoutes(jane.id);
    const asJoe = post("/settings", { action: "distrust", route: route?.id ?? "" }, joe.cookie);
    expect((await handle(asJoe, app)).status).toBe(404);
    expect(await app.store.trustedRoutes(jane.id)).toHaveLength(1);
  });

  it.each([
    [
      "is not understood anyway",
      () => unsigned(mailTo(jane.alertAddress, "chase/fixtures/card-2025-amount-unrendered")),
    ],
    [
      "is of an unknown sender",
      () => mailTo(jane.alertAddress, CHASE, { From: "a@b.example", FromFull: { Email: "a@b.example", Name: "" } }),
    ],
  ])("is not offered for trust when the mail %s", async (_why, payload) => {
    expect(await deliverMail(app, payload())).toBe("review");
    expect(await pageOf(app, "/review", jane.cookie)).not.toContain("Trust this route");
  });
});

describe("whoever wants only what banks signed", () => {
  it("gets nothing else booked, until they want it again", async () => {
    expect((await change({ action: "require-signatures", required: "yes" })).headers.get("location")).toBe(
      "/settings?done=signed",
    );
    expect(await deliverMail(app, mailTo(jane.alertAddress, CHASE))).toBe("review");
    const signed = await signedMail(mailTo(jane.alertAddress, CHASE), { to: "jane@example.com", at: AT });
    expect(await deliverMail(app, anew(signed))).toBe("booked");
    const page = await pageOf(app, "/settings?done=signed", jane.cookie);
    expect(wordsOf(page)).toContain("Only what the bank signed is booked by itself. Undo");
    expect(wordsOf(page)).toContain("Everything else waits in review. Book other alerts as well");
    await change({ action: "require-signatures", required: "no" });
    expect(await deliverMail(app, anew(mailTo(jane.alertAddress, CHASE)))).toBe("booked");
  });

  it("is not offered to trust anything else", async () => {
    const id = await inDoubt();
    await change({ action: "require-signatures", required: "yes" });
    expect(await pageOf(app, "/review", jane.cookie)).not.toContain("Trust this route");
    expect((await decide(id, "trust")).status).toBe(409);
    await change({ action: "require-signatures", required: "no" });
    expect(await pageOf(app, "/review", jane.cookie)).toContain("Trust this route");
  });

  it("sees on a purchase whose signature is on its mail", async () => {
    const signed = await signedMail(mailTo(jane.alertAddress, CHASE), { to: "jane@example.com", at: AT });
    await deliverMail(app, signed);
    const [purchase] = await purchasesOf(app, jane);
    expect(wordsOf(await pageOf(app, `/purchases/${purchase?.id}`, jane.cookie))).toContain("Mail signed by chase.com");
  });
});

/** A mail that waits because nobody signed it; its id. */
async function inDoubt(): Promise<string> {
  const payload = aMail();
  expect(await deliverMail(app, payload)).toBe("review");
  return String(payload["MessageID"]);
}

function aMail(): Record<string, unknown> {
  return anew(unsigned(mailTo(jane.alertAddress, CHASE)));
}

/** The same as another mail. */
function anew(payload: Record<string, unknown>): Record<string, unknown> {
  return withHeader({ ...payload, MessageID: randomUUID() }, "Message-ID", `<${randomUUID()}@example.com>`);
}

function decide(id: string, action: string): Promise<Response> {
  return handle(post(`/review/${id}`, { action }, jane.cookie), app);
}

function change(fields: Record<string, string>): Promise<Response> {
  return handle(post("/settings", fields, jane.cookie), app);
}
