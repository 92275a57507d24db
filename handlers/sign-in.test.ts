import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { signLink, type Link } from "../access/links.ts";
import { hashToken } from "../access/tokens.ts";
import { handle } from "../router.ts";
import { allRows, bytesOnDisk, rowsOf } from "../test/database.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { BASE, get, post } from "../test/requests.ts";
import { cookieOf, mailedToken } from "../test/sign-in.ts";
import { housekeeping } from "./housekeeping.ts";

const [KEY, OTHER_KEY] = ["first-key-0123456789-0123456789-0123456789", "other-key-0123456789-0123456789-0123456789"];

let app: FakeApp;

beforeEach(async () => {
  app = await fakeApp();
});
afterEach(() => app.close());

describe("a mailed link", () => {
  it("shows one button and uses nothing up, however often scanners look at it", async () => {
    const t = await mailedToken(app, "jane@example.com");
    const before = await allRows(app);
    for (const method of ["GET", "HEAD", "GET", "HEAD", "GET"]) {
      const response = await handle(new Request(get(`/sign-in?t=${t}`), { method }), app);
      expect(response.status).toBe(200);
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    expect(await allRows(app)).toEqual(before);
    const page = await (await handle(get(`/sign-in?t=${t}`), app)).text();
    expect(page.match(/<button/g)).toHaveLength(1);
    expect(page).toContain("Open my dashboard");
    expect((await use(t)).status).toBe(303);
  });

  it("signs in once", async () => {
    const t = await mailedToken(app, "jane@example.com");
    const answers = await Promise.all(Array.from({ length: 4 }, () => use(t)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 410, 410, 410]);
    expect(await rowsOf(app, "sessions")).toHaveLength(1);
    const again = await use(t);
    expect([again.status, cookieOf(again)]).toEqual([410, ""]);
    await expectOld(again, t);
  });

  it("works for 30 minutes, and from then on is old on both ways", async () => {
    const [first, second] = [await mailedToken(app, "jane@example.com"), await mailedToken(app, "joe@example.com")];
    app.tick({ minutes: 29, seconds: 59 });
    expect((await use(first)).status).toBe(303);
    app.tick({ seconds: 1 });
    const before = await allRows(app);
    await expectOld(await use(second), second);
    await expectOld(await handle(get(`/sign-in?t=${second}`), app), second);
    expect(await allRows(app)).toEqual(before);
  });

  it("stays used after everything that has run out was forgotten", async () => {
    const t = await mailedToken(app, "jane@example.com");
    await use(t);
    app.tick({ minutes: 25 });
    await housekeeping(app);
    expect((await use(t)).status).toBe(410);
    app.tick({ hours: 48 });
    await housekeeping(app);
    expect(await rowsOf(app, "used_links")).toEqual([]);
    expect((await use(t)).status).toBe(410);
  });

  it("is refused after all links were revoked, and a later one is not", async () => {
    const jane = await signedIn(app, "jane@example.com");
    const t = await mailedToken(app, "jane@example.com");
    await handle(post("/settings", { action: "revoke-links" }, jane.cookie), app);
    const before = await allRows(app);
    await expectOld(await use(t), t);
    expect(await allRows(app)).toEqual(before);
    app.tick({ minutes: 6 });
    expect((await use(await mailedToken(app, "jane@example.com"))).status).toBe(303);
  });

  it("that waited in the outbox while links were revoked works, because it is made when it is sent", async () => {
    const jane = await signedIn(app, "jane@example.com");
    await handle(post("/signup", { email: "jane@example.com" }), app);
    await app.store.revokeLinks(jane.id);
    app.tick({ minutes: 6 });
    expect((await use(await mailedToken(app, "jane@example.com"))).status).toBe(303);
  });

  it.each([
    ["is missing", () => ""],
    ["is nonsense", () => "x"],
    ["has a changed letter", (t: string) => `${t.slice(0, -1)}${t.endsWith("A") ? "B" : "A"}`],
    ["was cut off", (t: string) => t.slice(0, -5)],
    ["has something behind it", (t: string) => `${t}A`],
    ["is a megabyte", (t: string) => t + "A".repeat(50_000)],
  ])("that %s is not one of ours", async (_how, spoil) => {
    const t = spoil(await mailedToken(app, "jane@example.com"));
    const before = await allRows(app);
    for (const response of [await handle(get(`/sign-in?t=${t}`), app), await use(t)]) {
      expect(response.status).toBe(400);
      expect(await response.text()).toContain("This link does not work");
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    expect(await allRows(app)).toEqual(before);
  });

  it("signed by any of the keys works, by a key that was taken away or never was ours does not", async () => {
    const link = await linkOf(await signedIn(app, "jane@example.com"));
    const rotated = { ...app, config: { ...app.config, linkKeys: [OTHER_KEY, KEY] } };
    expect((await handle(post("/sign-in", { t: signLink(link, [KEY]) }), rotated)).status).toBe(303);
    const taken = { ...app, config: { ...app.config, linkKeys: [OTHER_KEY] } };
    const fresh = { ...link, linkId: "another" };
    expect((await handle(post("/sign-in", { t: signLink(fresh, [KEY]) }), taken)).status).toBe(400);
    expect((await use(signLink(fresh, [OTHER_KEY]))).status).toBe(400);
  });

  it("of an account that is not there is old, and mails nobody", async () => {
    const t = signLink({ ...(await linkOf(await signedIn(app, "jane@example.com"))), accountId: "nobody" }, [KEY]);
    expect((await use(t)).status).toBe(410);
    expect((await handle(post("/signup", { t }), app)).status).toBe(400);
  });

  it.each([
    ["/day/2022-06-05", "/day/2022-06-05"],
    ["/purchases?q=a%20b", "/purchases?q=a%20b"],
    ["//evil.example", "/dashboard"],
    ["https://evil.example", "/dashboard"],
    ["/\\evil.example", "/dashboard"],
    [null, "/dashboard"],
  ])("for %s leads to %s", async (next, location) => {
    const t = signLink({ ...(await linkOf(await signedIn(app, "jane@example.com"))), next }, [KEY]);
    expect((await use(t)).headers.get("location")).toBe(location);
  });

  it("leads a browser that is signed in straight on, and leaves the link for another one", async () => {
    const jane = await signedIn(app, "jane@example.com");
    const t = signLink({ ...(await linkOf(jane)), next: "/review" }, [KEY]);
    const response = await handle(get(`/sign-in?t=${t}`, jane.cookie), app);
    expect([response.status, response.headers.get("location")]).toEqual([303, "/review"]);
    expect((await use(t)).status).toBe(303);
    const joe = await signedIn(app, "joe@example.com");
    const other = signLink({ ...(await linkOf(jane)), linkId: "another" }, [KEY]);
    expect((await handle(get(`/sign-in?t=${other}`, joe.cookie), app)).status).toBe(200);
  });

  it("has the mail looked at that was held for the account", async () => {
    const t = await mailedToken(app, "jane@example.com");
    app.woken.length = 0;
    await use(t);
    await use(t);
    expect(app.woken).toEqual(["interpret"]);
  });

  it("proves the account's address", async () => {
    const t = await mailedToken(app, "jane@example.com");
    const provenAt = async () => (await rowsOf(app, "addresses"))[0]?.[3];
    expect(await provenAt()).toBeNull();
    await use(t);
    expect(await provenAt()).toBe(app.now().epochMilliseconds);
  });
});

describe("a session", () => {
  it("is known by a secret of which only the hash is stored", async () => {
    const cookie = cookieOf(await use(await mailedToken(app, "jane@example.com")));
    const token = cookie.slice("__Host-session=".length);
    expect(token).toMatch(/^[a-z2-7]{52}$/);
    const bytes = bytesOnDisk(app).toString("latin1");
    expect(bytes).toContain(hashToken(token));
    expect(bytes).not.toContain(token);
    // The hash is no key: what a thief of the database has opens nothing.
    expect((await dashboard(`__Host-session=${hashToken(token)}`)).status).toBe(303);
  });

  it("is another one for each browser, and never the same secret twice", async () => {
    const first = cookieOf(await use(await mailedToken(app, "jane@example.com")));
    app.tick({ minutes: 6 });
    const second = cookieOf(await use(await mailedToken(app, "jane@example.com")));
    expect(second).not.toBe(first);
    await handle(post("/sign-out", {}, first), app);
    expect((await dashboard(first)).status).toBe(303);
    expect((await dashboard(second)).status).toBe(200);
  });

  it("ends 30 days after the last visit", async () => {
    const { cookie } = await signedIn(app, "jane@example.com");
    for (let visit = 0; visit < 3; visit += 1) {
      app.tick({ hours: 24 * 30 - 1 });
      expect((await dashboard(cookie)).status).toBe(200);
    }
    app.tick({ hours: 24 * 30 });
    expect((await dashboard(cookie)).status).toBe(303);
    app.tick({ seconds: 1 });
    await housekeeping(app);
    expect(await rowsOf(app, "sessions")).toEqual([]);
  });

  it.each(["/dashboard", "/settings", "/", "/sign-in"])(
    "that is used at %s lasts in the browser as long as here",
    async (path) => {
      const t = await mailedToken(app, "jane@example.com");
      const cookie = cookieOf(await use(t));
      const asked = path === "/sign-in" ? `${path}?t=${t}` : path;
      expect((await handle(get(asked, cookie), app)).headers.getSetCookie()).toEqual([]);
      app.tick({ hours: 24 * 10 });
      const response = await handle(get(asked, cookie), app);
      expect(cookieOf(response)).toBe(cookie);
      expect(response.headers.getSetCookie()[0]).toContain("; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure");
      expect((await handle(get(asked, cookie), app)).headers.getSetCookie()).toEqual([]);
    },
  );

  it("is ended by its person from another browser, at once, and by nobody else", async () => {
    const [jane, joe] = [await signedIn(app, "jane@example.com"), await signedIn(app, "joe@example.com")];
    app.tick({ minutes: 6 });
    const other = cookieOf(await use(await mailedToken(app, "jane@example.com")));
    const sessions = await app.store.sessions(jane.id, app.now());
    for (const session of [...sessions.map(({ id }) => id), "", "nothing"]) {
      const refused = await handle(post("/settings", { action: "revoke", session }, joe.cookie), app);
      expect(refused.status).toBe(404);
      expect(await refused.text()).toContain("That browser is signed out already.");
    }
    expect(await app.store.sessions(jane.id, app.now())).toHaveLength(2);
    // The browser that was seen last is the first in the list.
    await handle(post("/settings", { action: "revoke", session: sessions[1]?.id ?? "" }, other), app);
    expect((await dashboard(jane.cookie)).status).toBe(303);
    expect((await dashboard(other)).status).toBe(200);
    expect((await dashboard(joe.cookie)).status).toBe(200);
  });

  it("is left alone when a stranger signs out", async () => {
    const { cookie } = await signedIn(app, "jane@example.com");
    for (const other of [undefined, "__Host-session=guess"]) {
      const response = await handle(post("/sign-out", {}, other), app);
      expect([response.status, response.headers.get("location")]).toEqual([303, "/"]);
    }
    expect((await dashboard(cookie)).status).toBe(200);
  });

  it("has a plain cookie on a laptop's http, and only there", async () => {
    const local = {
      ...app,
      config: { ...app.config, local: true, publicUrl: "http://127.0.0.1:8080", otherUrls: [BASE] },
    };
    const t = await mailedToken(app, "jane@example.com");
    const [cookie = ""] = (await handle(post("/sign-in", { t }), local)).headers.getSetCookie();
    expect(cookie).toMatch(/^session=/);
    expect(cookie).not.toContain("Secure");
    expect((await handle(get("/dashboard", cookie.split(";")[0]), local)).status).toBe(200);
    expect((await dashboard(cookie.split(";")[0] ?? "")).status).toBe(303);
  });
});

function use(t: string): Promise<Response> {
  return handle(post("/sign-in", { t }), app);
}

function dashboard(cookie: string): Promise<Response> {
  return handle(get("/dashboard", cookie), app);
}

async function linkOf({ id }: TestPerson): Promise<Link> {
  const expiresAt = app.now().add({ minutes: 30 });
  return { accountId: id, purpose: "sign-in", linkId: "one", epoch: 0, expiresAt, next: null };
}

async function expectOld(response: Response, t: string): Promise<void> {
  expect(response.status).toBe(410);
  const page = await response.text();
  expect(page).toContain("This link is old");
  expect(page.match(/<button/g)).toHaveLength(1);
  expect(page).toContain("Mail me a new one");
  expect(page).toContain(`name="t" value="${t}"`);
}
