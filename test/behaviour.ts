import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { interpret } from "../handlers/interpret.ts";
import { allRows } from "./database.ts";
import { onlyPurchase } from "./deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "./fake-app.ts";
import { CHASE, mailTo } from "./fixture-mails.ts";
import { BASE, delivery, get, post } from "./requests.ts";
import { cookieOf, mailedToken } from "./sign-in.ts";

/** The handlers, mounted on whatever takes requests. */
export type Mounted = { fetch(request: Request): Promise<Response>; close(): Promise<void> };

/** Mounts them. A request that has `X-Real-IP` comes from a stranger, through a trusted proxy. */
export type Mount = (app: FakeApp) => Promise<Mounted>;

const MONEY_PAGES = ["/dashboard", "/day/2022-06-05", "/purchases", "/review", "/connect", "/settings"];
// Hosts may say these about the connection; they are no part of the answer.
const OF_THE_CONNECTION = ["date", "connection", "keep-alive", "content-length", "transfer-encoding"];
const CAP_BYTES = 6 * 1024 * 1024;
const LARGE_TEXT = "x".repeat(5 * 1024 * 1024);

/** What every way of mounting the handlers must keep to: the same requests, the same answers. */
export function addBehaviourTests(mount: Mount): void {
  let app: FakeApp;
  let jane: TestPerson;
  let web: Mounted;
  const closers: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    app = await fakeApp({}, { webhookMaxBytes: CAP_BYTES });
    jane = await signedIn(app, "jane@example.com");
    web = await mounted({});
  });
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
    await app.close();
  });

  async function mounted(changes: Partial<App>): Promise<Mounted> {
    const made = await mount({ ...app, ...changes });
    closers.push(() => made.close());
    return made;
  }

  async function aPurchase(): Promise<string> {
    await web.fetch(delivery(mailTo(jane.alertAddress, CHASE)));
    await interpret(app);
    return (await onlyPurchase(app, jane)).id;
  }

  describe("every answer", () => {
    it.each(["/", "/up", "/style.css", "/sign-in", "/dashboard", "/settings", "/nothing"])(
      "to HEAD %s has the headers of GET and no body",
      async (path) => {
        const whole = await web.fetch(get(path, jane.cookie));
        const head = await web.fetch(new Request(get(path, jane.cookie), { method: "HEAD" }));
        expect(head.status).toBe(whole.status);
        expect(lasting(head.headers)).toEqual(lasting(whole.headers));
        expect(await head.text()).toBe("");
        const length = head.headers.get("content-length");
        if (length !== null) expect(length).toBe(whole.headers.get("content-length"));
      },
    );

    it("says 404 in a page to people and in a line to programs", async () => {
      const page = await web.fetch(get("/nothing/here"));
      expect(page.status).toBe(404);
      expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(await page.text()).toContain("There is nothing at this address.");
      const line = await web.fetch(new Request(`${BASE}/nothing/here`));
      expect(line.status).toBe(404);
      expect(await line.text()).toBe("There is nothing at this address.\n");
    });

    it.each([
      ["POST", "/", "GET, HEAD"],
      ["PUT", "/dashboard", "GET, HEAD"],
      ["GET", "/signup", "POST"],
      ["DELETE", "/sign-in", "GET, HEAD, POST"],
      ["OPTIONS", "/settings", "GET, HEAD, POST"],
      ["GET", "/webhook/inbound", "POST"],
      ["PATCH", "/webhook/events", "POST"],
    ])("to %s %s is 405 with Allow: %s", async (method, path, allow) => {
      const response = await web.fetch(new Request(`${BASE}${path}`, { method, headers: { cookie: jane.cookie } }));
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe(allow);
    });

    it("forbids framing, scripts and inline styles, and tells other sites nothing", async () => {
      const id = await aPurchase();
      const paths = ["/", "/up", "/style.css", "/nothing", "/sign-in?t=x", `/purchases/${id}`, ...MONEY_PAGES];
      const answers = await Promise.all(paths.map((path) => web.fetch(get(path, jane.cookie))));
      answers.push(await web.fetch(delivery("", null)), await web.fetch(post("/sign-out", {}, "")));
      for (const response of answers) {
        const policy = response.headers.get("content-security-policy") ?? "";
        expect(policy).toContain("default-src 'none'");
        expect(policy).toContain("frame-ancestors 'none'");
        expect(policy).not.toMatch(/script-src|unsafe|\*/);
        expect(response.headers.get("referrer-policy")).toBe("same-origin");
        expect(response.headers.get("x-content-type-options")).toBe("nosniff");
        const isPage = response.headers.get("content-type")?.startsWith("text/html") === true;
        if (isPage) expect(await response.text()).not.toMatch(/<script|<style|\sstyle=|\son\w+=|javascript:/i);
      }
    });

    it("with somebody's money in it stays out of every cache", async () => {
      const id = await aPurchase();
      for (const path of [...MONEY_PAGES, `/purchases/${id}`]) {
        const response = await web.fetch(get(path, jane.cookie));
        expect(response.status).toBe(200);
        expect(response.headers.get("cache-control")).toBe("private, no-store");
      }
    });

    it("to a bug is a plain 500 without a detail, logged, and the next request is answered", async () => {
      const cause = new Error("the deepest secret");
      const bug = new Error("a secret detail", { cause });
      const broken = await mounted({
        store: {
          ...app.store,
          purchasesBetween: async () => {
            throw bug;
          },
        },
      });
      const page = await broken.fetch(get("/dashboard?q=private", jane.cookie));
      expect(page.status).toBe(500);
      expect(await page.text()).not.toMatch(/secret|at .*\.ts/);
      const plain = await broken.fetch(new Request(`${BASE}/dashboard`, { headers: { cookie: jane.cookie } }));
      expect(plain.status).toBe(500);
      expect(await plain.text()).toBe("Internal error\n");
      const logged = app.logged.filter(({ level }) => level === "error");
      expect(logged).toHaveLength(2);
      expect(logged[0]?.fields).toEqual({ err: bug, route: "/dashboard" });
      expect((await broken.fetch(get("/up"))).status).toBe(200);
    });
  });

  describe("the webhook", () => {
    it("answers 200 once the mail is kept, and asks for it to be read", async () => {
      const payload = mailTo(jane.alertAddress, CHASE);
      const response = await web.fetch(delivery(payload));
      expect(response.status).toBe(200);
      expect(await app.store.payload(String(payload["MessageID"]))).not.toBeNull();
      expect(app.woken).toContain("interpret");
    });

    it("answers 400 to an empty body", async () => {
      const response = await web.fetch(delivery(""));
      expect(response.status).toBe(400);
      expect(await response.text()).toBe("The request has no body.\n");
    });

    it.each([null, "postmark:wrong-password", "nobody:correct-horse-battery", ":", ""])(
      "answers 401 to the credential %j and keeps nothing",
      async (credential) => {
        const before = await allRows(app);
        for (const path of ["/webhook/inbound", "/webhook/events"]) {
          const response = await web.fetch(delivery(mailTo(jane.alertAddress, CHASE), credential, path));
          expect(response.status).toBe(401);
          expect(response.headers.get("www-authenticate")).toMatch(/^Basic /);
          expect(await response.text()).toBe("The user name or password of the webhook is wrong.\n");
        }
        expect(await allRows(app)).toEqual(before);
      },
    );

    it("answers 413 over the cap, keeps nothing and counts it", async () => {
      for (const path of ["/webhook/inbound", "/webhook/events"]) {
        const response = await web.fetch(delivery("x".repeat(CAP_BYTES + 1), undefined, path));
        expect(response.status).toBe(413);
        expect(await response.text()).toBe("The request is larger than 6 MB.\n");
      }
      const { mails, provider_events: events } = await allRows(app);
      expect([mails, events]).toEqual([[], []]);
      expect(await app.store.serviceState(app.now())).toMatchObject({ tooLargeDeliveries: 2 });
    });

    it("answers 503 when the store can't take the mail, so that it comes again", async () => {
      const full = new AppError("unavailable", "The store can't be written right now. Please try again.");
      const refuse = async (): Promise<never> => {
        throw full;
      };
      const stuck = await mounted({ store: { ...app.store, keepMail: refuse, keepProviderEvent: refuse } });
      for (const path of ["/webhook/inbound", "/webhook/events"]) {
        const response = await stuck.fetch(delivery(mailTo(jane.alertAddress, CHASE), undefined, path));
        expect(response.status).toBe(503);
        expect(response.headers.get("retry-after")).toBe("60");
        expect(await response.text()).toBe(`${full.message}\n`);
      }
      expect(app.woken).toEqual([]);
    });

    it("answers 500 to a bug, never 200 for what is not kept", async () => {
      const refuse = async (): Promise<never> => {
        throw new TypeError("a bug");
      };
      const broken = await mounted({ store: { ...app.store, keepMail: refuse } });
      expect((await broken.fetch(delivery(mailTo(jane.alertAddress, CHASE)))).status).toBe(500);
    });

    it("holds two large bodies at once, asks for a third to be sent again, and then takes more", async () => {
      const go = Promise.withResolvers<void>();
      const both = Promise.withResolvers<void>();
      let inside = 0;
      const slow = await mounted({
        store: {
          ...app.store,
          keepMail: async (kept) => {
            inside += 1;
            if (inside === 2) both.resolve();
            await go.promise;
            return app.store.keepMail(kept);
          },
        },
      });
      const large = () => slow.fetch(delivery(mailTo(jane.alertAddress, CHASE, { TextBody: LARGE_TEXT })));
      const first = [large(), large()];
      await both.promise;
      // Were it let in, it would wait for `go` like the others, and this test for ever.
      const third = await large();
      go.resolve();
      expect(third.status).toBe(503);
      expect(third.headers.get("retry-after")).toBe("60");
      expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
      expect((await large()).status).toBe(200);
    });

    it.each([
      ["text", "not JSON"],
      ["bytes", "\u0000\ufffd\u0007"],
      ["half a JSON", '{"MessageID":"1", "From'],
      ["a thousand brackets", "[".repeat(1_000)],
      ["an empty object", "{}"],
      ["a list", "[]"],
      ["null", "null"],
      ["an empty id", '{"MessageID":""}'],
      ["a number as id", '{"MessageID":7}'],
    ])("keeps %s, which is not what was agreed, answers 200 and counts it", async (_what, body) => {
      expect((await web.fetch(delivery(body))).status).toBe(200);
      expect((await web.fetch(delivery(body))).status).toBe(200);
      await interpret(app);
      expect(await app.store.serviceState(app.now())).toMatchObject({ unreadableMails: 1 });
    });

    it("never answers 403, whatever a browser or an attacker says about itself", async () => {
      const strange = { "sec-fetch-site": "cross-site", origin: "https://evil.example", cookie: jane.cookie };
      for (const path of ["/webhook/inbound", "/webhook/events", "/webhook/other", "/webhook/"]) {
        for (const credential of [undefined, "postmark:wrong-password"]) {
          for (const method of ["POST", "GET", "PUT"]) {
            const sent = delivery(mailTo(jane.alertAddress, CHASE), credential, path);
            const body = method === "GET" ? null : await sent.text();
            const headers = { ...Object.fromEntries(sent.headers), ...strange };
            const response = await web.fetch(new Request(sent.url, { method, headers, body }));
            expect([200, 401, 404, 405]).toContain(response.status);
          }
        }
      }
    });
  });

  describe("a browser", () => {
    it("is signed in by a mailed link, and out again", async () => {
      const t = await mailedToken(app, "joe@example.com");
      expect((await web.fetch(get(`/sign-in?t=${t}`))).status).toBe(200);
      const signedInAnswer = await web.fetch(post("/sign-in", { t }));
      expect(signedInAnswer.status).toBe(303);
      expect(signedInAnswer.headers.get("location")).toBe("/dashboard");
      const [setCookie = ""] = signedInAnswer.headers.getSetCookie();
      expect(setCookie).toMatch(/^__Host-session=[a-z2-7]{52}; /);
      expect(setCookie.split("; ").slice(1).toSorted()).toEqual([
        "HttpOnly",
        "Max-Age=2592000",
        "Path=/",
        "SameSite=Lax",
        "Secure",
      ]);
      const cookie = cookieOf(signedInAnswer);
      expect((await web.fetch(get("/dashboard", cookie))).status).toBe(200);
      expect((await web.fetch(get("/dashboard", `theme=dark; ${cookie}; other=1`))).status).toBe(200);
      const out = await web.fetch(post("/sign-out", {}, cookie));
      expect(out.status).toBe(303);
      expect(out.headers.getSetCookie()[0]).toMatch(/^__Host-session=; .*Max-Age=0/);
      expect((await web.fetch(get("/dashboard", cookie))).status).toBe(303);
    });

    it("that is signed out is led to the front page by GET and refused by POST", async () => {
      const before = await allRows(app);
      for (const cookie of [
        undefined,
        "__Host-session=",
        "__Host-session=guessed",
        `session=${jane.cookie.split("=")[1]}`,
      ]) {
        for (const path of [...MONEY_PAGES, "/purchases/x"]) {
          const response = await web.fetch(get(path, cookie));
          expect([response.status, response.headers.get("location")]).toEqual([303, "/"]);
        }
        for (const path of [
          "/settings",
          "/connect",
          "/connect/sample",
          "/prove-address",
          "/purchases/x",
          "/review/x",
        ]) {
          const response = await web.fetch(post(path, { action: "zone", zone: "UTC" }, cookie));
          expect(response.status).toBe(401);
          expect(await response.text()).toContain("You are signed out. Sign in and try again; nothing was changed.");
        }
      }
      expect(await allRows(app)).toEqual(before);
    });

    it("is sent on with 303 after every change", async () => {
      const id = await aPurchase();
      const changes = [
        ["/settings", { action: "zone", zone: "Europe/Berlin" }],
        ["/settings", { action: "add-address", address: "jane@work.example.com" }],
        ["/settings", { action: "cancel-address", address: "jane@work.example.com" }],
        ["/settings", { action: "require-signatures", required: "yes" }],
        ["/settings", { action: "revoke-others" }],
        ["/settings", { action: "revoke-links" }],
        [
          "/connect",
          { action: "replace", token: jane.alertAddress.slice("alerts+".length, -"@wtmm.example.com".length) },
        ],
        ["/connect/sample", {}],
        [`/purchases/${id}`, { action: "save", merchant: "Dinner", amount: "60" }],
        [`/purchases/${id}`, { action: "undo" }],
        [`/purchases/${id}`, { action: "remove" }],
        ["/sign-out", {}],
      ] as const;
      for (const [path, fields] of changes) {
        const response = await web.fetch(post(path, { ...fields }, jane.cookie));
        expect([path, response.status]).toEqual([path, 303]);
        expect(response.headers.get("location")).toMatch(/^\/[a-z]*/);
      }
    });

    it.each([
      ["its own page", { "sec-fetch-site": "same-origin" }, 303],
      ["its own page, whatever Origin says", { "sec-fetch-site": "same-origin", origin: "https://evil.example" }, 303],
      ["another site", { "sec-fetch-site": "cross-site" }, 403],
      ["another site that forges Origin", { "sec-fetch-site": "cross-site", origin: BASE }, 403],
      ["a neighbouring host", { "sec-fetch-site": "same-site" }, 403],
      ["no page at all", { "sec-fetch-site": "none" }, 403],
      ["an older browser on our page", { origin: BASE }, 303],
      ["an older browser elsewhere", { origin: "https://evil.example" }, 403],
      ["an older browser on our name with http", { origin: BASE.replace("https", "http") }, 403],
      ["a host that begins like ours", { origin: `${BASE}.evil.example` }, 403],
      ["a sandboxed frame", { origin: "null" }, 403],
      ["a text browser", {}, 303],
    ] as const)("may change something from %s only if that is ours", async (_from, headers, status) => {
      const form = { "content-type": "application/x-www-form-urlencoded", cookie: jane.cookie };
      const send = (path: string, body: string) =>
        web.fetch(new Request(`${BASE}${path}`, { method: "POST", headers: { ...form, ...headers }, body }));
      const before = await allRows(app);
      const response = await send("/settings", "action=zone&zone=Asia/Tokyo");
      expect(response.status).toBe(status);
      if (status === 303) return;
      expect(await response.text()).toBe("This form was sent from another site, so nothing was changed.\n");
      for (const path of ["/signup", "/sign-in", "/sign-out", "/connect/sample", "/purchases/x", "/review/x"]) {
        expect((await send(path, "email=joe@example.com")).status).toBe(403);
      }
      expect(await allRows(app)).toEqual(before);
    });

    it.each([
      ["something else than a form", { "content-type": "application/json" }, "{}", 400],
      ["a form with files", { "content-type": "multipart/form-data; boundary=x" }, "--x--", 400],
      ["a form no page of ours has", { "content-type": "application/x-www-form-urlencoded" }, "a".repeat(70_000), 413],
    ])("is refused when it sends %s", async (_what, headers, body, status) => {
      const sent = { method: "POST", headers: { cookie: jane.cookie, ...headers }, body };
      for (const path of ["/signup", "/sign-in", "/settings", "/connect", "/prove-address"]) {
        expect((await web.fetch(new Request(`${BASE}${path}`, sent))).status).toBe(status);
      }
    });
  });

  describe("an operator", () => {
    it("sees that the process answers", async () => {
      const response = await web.fetch(get("/up"));
      expect([response.status, await response.text()]).toEqual([200, "up\n"]);
    });

    it("shows a stranger whether it serves, and nothing else", async () => {
      const asked = new Request(`${BASE}/health`, { headers: { "x-real-ip": "203.0.113.9" } });
      const well = await web.fetch(asked.clone());
      expect([well.status, await well.json()]).toEqual([200, { ok: true }]);
      const full = async (): Promise<void> => {
        throw new Error("disk full");
      };
      const stuck = await mounted({ store: { ...app.store, probe: full } });
      const ill = await stuck.fetch(asked);
      expect([ill.status, await ill.json()]).toEqual([503, { ok: false }]);
    });

    it("shows a stranger nothing of what is measured", async () => {
      const asked = new Request(`${BASE}/metrics`, { headers: { "x-real-ip": "127.0.0.1" } });
      const measured = await mounted({ metrics: async () => "wtmm_mails_waiting 3\n" });
      const response = await measured.fetch(asked);
      expect([response.status, await response.text()]).toEqual([404, "There is nothing at this address.\n"]);
    });
  });
}

function lasting(headers: Headers): [string, string][] {
  return [...headers].filter(([name]) => !OF_THE_CONNECTION.includes(name));
}
