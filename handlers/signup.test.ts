import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { handle } from "../router.ts";
import { allRows, bytesOnDisk, rowsOf } from "../test/database.ts";
import { deliverMail, unsigned, withHeader } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { post } from "../test/requests.ts";
import { lastToken, mailedToken } from "../test/sign-in.ts";
import { outbox } from "./outbox.ts";

let app: FakeApp;

beforeEach(async () => {
  app = await fakeApp();
});
afterEach(() => app.close());

describe("POST /signup", () => {
  it("makes an account in the chosen zone and mails one letter with a link", async () => {
    const response = await signUp("jane@example.com", { zone: "Europe/Berlin" });
    expect(response.status).toBe(200);
    expect(app.woken).toEqual(["outbox"]);
    expect(await outbox(app)).toEqual({ sent: 1, delayed: 0, refused: 0 });
    expect(app.sent.map(({ to, kind }) => [to, kind])).toEqual([["jane@example.com", "sign-in"]]);
    expect(await app.store.accountOfAddress("jane@example.com")).toMatchObject({ timeZone: "Europe/Berlin" });
  });

  it("answers the same page, byte for byte, to new, known, repeated and closed-out addresses", async () => {
    await signedIn(app, "known@example.com");
    const closed = { ...app, config: { ...app.config, signup: "closed" } } as const;
    const answers = [
      await signUp("new@example.com"),
      await signUp("new@example.com"),
      await signUp("known@example.com"),
      await signUp("  KNOWN@Example.COM "),
      await handle(post("/signup", { email: "stranger@example.com" }), closed),
      await handle(post("/signup", { email: "known@example.com" }), closed),
    ];
    const [first, ...others] = await Promise.all(answers.map(whole));
    expect(first?.text).toContain("Look in your mail");
    for (const other of others) expect(other).toEqual(first);
  });

  it("mails an address once in five minutes, under whatever spelling and by whatever way it asks", async () => {
    for (const email of ["jane@example.com", "JANE@example.com", " jane@EXAMPLE.com"]) await signUp(email);
    await deliverMail(app, infoMail("Jane@example.com"));
    app.tick({ minutes: 4, seconds: 59 });
    await signUp("jane@example.com");
    expect(await letters()).toEqual(["jane@example.com"]);
    app.tick({ seconds: 2 });
    await signUp("jane@example.com");
    expect(await letters()).toEqual(["jane@example.com", "jane@example.com"]);
  });

  it("counts each address by itself", async () => {
    await signUp("jane@example.com");
    await signUp("joe@example.com");
    expect(await letters()).toEqual(["jane@example.com", "joe@example.com"]);
  });

  it("makes one account when the same new address asks many times at once", async () => {
    await Promise.all(Array.from({ length: 5 }, () => signUp("jane@example.com")));
    const { accounts, addresses, alert_addresses: alerts } = await allRows(app);
    expect([accounts?.length, addresses?.length, alerts?.length]).toEqual([1, 1, 1]);
    expect(await letters()).toHaveLength(1);
  });

  it("keeps an existing account's zone, whatever somebody else chooses for it", async () => {
    await signedIn(app, "jane@example.com");
    await signUp("jane@example.com", { zone: "Asia/Tokyo" });
    expect(await app.store.accountOfAddress("jane@example.com")).toMatchObject({ timeZone: "America/New_York" });
  });

  it("lets nobody new in when it is closed, and still mails those who have an account", async () => {
    const closed = { ...app, config: { ...app.config, signup: "closed" } } as const;
    await signedIn(app, "known@example.com");
    await handle(post("/signup", { email: "new@example.com" }), closed);
    await handle(post("/signup", { email: "known@example.com" }), closed);
    await deliverMail(closed, infoMail("other@example.com"));
    expect(await letters()).toEqual(["known@example.com"]);
    expect(await rowsOf(app, "accounts")).toHaveLength(1);
  });

  it.each([
    ["203.0.113.1", "203.0.113.254", "203.0.114.1"],
    ["2001:db8:1::1", "2001:db8:1:ffff::9", "2001:db8:2::1"],
  ])(
    "takes 20 an hour from the network of %s, none more from %s, and still from %s",
    async (one, neighbour, stranger) => {
      for (let time = 0; time < 20; time += 1)
        expect((await signUpFrom(one, `jane${time}@example.com`)).status).toBe(200);
      const before = await allRows(app);
      for (const email of ["another@example.com", "jane1@example.com"]) {
        const refused = await signUpFrom(neighbour, email);
        expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, null]);
        expect(await refused.text()).toContain("Too many people asked from your network. Please try again in an hour.");
      }
      expect(await allRows(app)).toEqual(before);
      expect((await signUpFrom(stranger, "another@example.com")).status).toBe(200);
      app.tick({ hours: 1, seconds: 1 });
      expect((await signUpFrom(neighbour, "another@example.com")).status).toBe(200);
    },
  );

  it("takes no more than 20 from a network that asks for all of them at once", async () => {
    const all = Array.from({ length: 25 }, (_none, index) => signUpFrom("203.0.113.7", `jane${index}@example.com`));
    const statuses = (await Promise.all(all)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    expect(await rowsOf(app, "accounts")).toHaveLength(20);
  });

  it("counts askers by mail with no network", async () => {
    for (let time = 0; time < 21; time += 1) await deliverMail(app, infoMail(`jane${time}@example.com`));
    expect(await rowsOf(app, "accounts")).toHaveLength(21);
  });

  it.each([
    ["nothing", {}, "This is not an e-mail address. It should look like name@example.com."],
    ["a name", { email: "jane" }, "This is not an e-mail address."],
    ["two addresses", { email: "jane@example.com,joe@example.com" }, "This is not an e-mail address."],
    ["a header behind it", { email: "jane@example.com\r\nBcc: joe@example.com" }, "This is not an e-mail address."],
    [
      "an address of ours",
      { email: "info@wtmm.example.com" },
      "Addresses at wtmm.example.com are ours. Please use your own mailbox.",
    ],
    ["one of ours in capitals", { email: "Alerts+x@WTMM.example.com" }, "Addresses at wtmm.example.com are ours."],
    ["an unknown zone", { email: "jane@example.com", zone: "Mars/Olympus" }, "This time zone is not known."],
    ["an empty zone", { email: "jane@example.com", zone: "" }, "This time zone is not known."],
    ["a link that we never made", { t: "forged" }, "This link is not one of ours. Please type your address."],
    ["an empty link", { t: "" }, "This link is not one of ours. Please type your address."],
  ])("refuses %s with a sentence, and changes nothing", async (_what, fields: Record<string, string>, sentence) => {
    const before = await allRows(app);
    const response = await handle(post("/signup", fields), app);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(sentence);
    expect(await allRows(app)).toEqual(before);
    expect(app.woken).toEqual([]);
  });

  it("shows what was typed again, harmless", async () => {
    const response = await handle(post("/signup", { email: '"><script>alert(1)</script>' }), app);
    const text = await response.text();
    expect(text).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    expect(text).not.toContain("<script>");
  });

  it("mails a new link for an old one of ours, to the same address and for the same page", async () => {
    const t = await mailedToken(app, "jane@example.com");
    app.tick({ hours: 24 * 400 });
    expect(await whole(await handle(post("/signup", { t }), app))).toEqual(
      await whole(await signUp("new@example.com")),
    );
    expect(await letters()).toEqual(["jane@example.com", "jane@example.com", "new@example.com"]);
    await handle(post("/signup", { t }), app);
    expect(await letters()).toHaveLength(3);
  });

  it("keeps where an old link led", async () => {
    await signedIn(app, "jane@example.com");
    const asked = { id: "asked", address: "jane@example.com", newAccount: null, network: null, at: app.now() };
    await app.store.signUp({ ...asked, next: "/day/2022-06-05" });
    await outbox(app);
    app.tick({ hours: 1 });
    await handle(post("/signup", { t: lastToken(app) }), app);
    await outbox(app);
    const response = await handle(post("/sign-in", { t: lastToken(app) }), app);
    expect(response.headers.get("location")).toBe("/day/2022-06-05");
  });

  it("leaves no link in the database, not even while its letter waits", async () => {
    await signUp("jane@example.com");
    const waiting = bytesOnDisk(app).toString("latin1");
    await outbox(app);
    const sent = bytesOnDisk(app).toString("latin1");
    const token = lastToken(app);
    for (const bytes of [waiting, sent]) {
      expect(bytes).toContain("jane@example.com");
      expect(bytes).not.toContain("sign-in?t=");
      for (const part of token.split(".").slice(1)) expect(bytes).not.toContain(part);
    }
  });
});

describe("a mail to info@", () => {
  it("is answered with a link when its author's own domain signed it", async () => {
    expect(await deliverMail(app, infoMail("jane@example.com"))).toBe("signup");
    expect(app.woken).toContain("outbox");
    await outbox(app);
    expect(app.sent.map(({ to }) => to)).toEqual(["jane@example.com"]);
    expect((await handle(post("/sign-in", { t: lastToken(app) }), app)).status).toBe(303);
  });

  it.each([
    ["nobody signed", unsigned(infoMail("jane@example.com"))],
    ["nobody checked", withHeader(infoMail("jane@example.com"), "X-Spam-Tests", null)],
    ["a stranger wrote the verdict below Postmark's line", forgedVerdict()],
    ["comes from an address of ours", infoMail("info@wtmm.example.com")],
    ["comes from no address", infoMail("jane")],
    ["comes from two", infoMail("jane@example.com, joe@example.com")],
  ])("is not answered when %s", async (_why, payload) => {
    expect(await deliverMail(app, payload)).toBe("unknown_recipient");
    expect(await rowsOf(app, "accounts")).toEqual([]);
    expect(await letters()).toEqual([]);
  });

  it.each([
    [
      "an autoresponder's answer",
      withHeader(infoMail("jane@example.com"), "Auto-Submitted", "auto-replied (vacation)"),
    ],
    ["a list's mail", withHeader(infoMail("jane@example.com"), "List-Id", "<news.example.com>")],
    ["a bulk mail", withHeader(infoMail("jane@example.com"), "Precedence", "bulk")],
    ["a bounce", withHeader(infoMail("jane@example.com"), "Return-Path", "<>")],
    ["a bank's alert that was sent to the wrong address", mailTo("info@wtmm.example.com", CHASE)],
  ])("is not answered when it is %s, for that could go on for ever", async (_what, payload) => {
    expect(await deliverMail(app, payload)).toBe("unknown_recipient");
    expect(await letters()).toEqual([]);
  });

  it("is answered when its sender says that no machine wrote it", async () => {
    expect(await deliverMail(app, withHeader(infoMail("jane@example.com"), "Auto-Submitted", "no"))).toBe("signup");
  });

  it("that is delivered twice is answered once", async () => {
    const payload = infoMail("jane@example.com");
    await deliverMail(app, payload);
    app.tick({ minutes: 6 });
    await deliverMail(app, payload);
    expect(await letters()).toHaveLength(1);
  });
});

function signUp(email: string, fields: Record<string, string> = {}): Promise<Response> {
  return handle(post("/signup", { email, ...fields }), app);
}

function signUpFrom(address: string, email: string): Promise<Response> {
  return handle(post("/signup", { email }), { ...app, client: { address, viaProxy: true } });
}

/** Addresses of all letters, sent or waiting, in the order they were asked for. */
async function letters(): Promise<string[]> {
  await outbox(app);
  return app.sent.map(({ to }) => to);
}

async function whole(response: Response) {
  return { status: response.status, headers: [...response.headers], text: await response.text() };
}

function infoMail(from: string): Record<string, unknown> {
  return mailTo("info@wtmm.example.com", CHASE, { From: from, FromFull: { Email: from, Name: "" }, Subject: "Hello" });
}

/** What a stranger can write: headers at the very end, below all that Postmark put on top. */
function forgedVerdict(): Record<string, unknown> {
  const payload = unsigned(infoMail("jane@example.com"));
  const headers = payload["Headers"];
  if (!Array.isArray(headers)) throw new Error("The payload has no headers.");
  return { ...payload, Headers: [...headers, { Name: "X-Spam-Tests", Value: "DKIM_VALID_AU" }] };
}
