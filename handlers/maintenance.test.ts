import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { App, Maintenance } from "../app.ts";
import { handle, routes } from "../router.ts";
import { fakeApp, NOW, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { wordsOf } from "../test/read-page.ts";
import { BASE, delivery, get, post } from "../test/requests.ts";
import { maintenanceWarning, sayMaintenance } from "./maintenance.ts";
import { servingState } from "./serving-state.ts";

const ALWAYS = ["/up", "/health", "/metrics", "/style.css", "/icon.svg"];
const EIGHT_HOURS: Maintenance = { since: NOW, until: NOW.add({ hours: 8 }) };

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

/** The app in maintenance, whose store must not be touched. */
function resting(): App {
  const store = new Proxy(app.store, {
    get: (_store, call) => () => {
      throw new Error(`The store was asked for ${String(call)}.`);
    },
  });
  return { ...app, store, maintenance: () => EIGHT_HOURS };
}

function asked(method: "GET" | "POST" | "HEAD", path: string): Request {
  const headers = { accept: "text/html", cookie: jane.cookie, "sec-fetch-site": "same-origin" };
  return new Request(`${BASE}${path.replace(/:\w+/g, "x")}`, { method, headers });
}

describe("during maintenance", () => {
  const waiting = routes.filter(([, path]) => !ALWAYS.includes(path));

  it("answers 503 on every route but those that tell how we are, and asks nothing of the store", async () => {
    expect(waiting.length).toBeGreaterThan(20);
    for (const [method, path] of waiting) {
      const response = await handle(asked(method, path), resting());
      expect([path, response.status, response.headers.get("retry-after")]).toEqual([path, 503, "60"]);
    }
    expect(app.logged).toEqual([]);
  });

  it("says so where there is nothing as well, and to every method", async () => {
    for (const request of [asked("GET", "/nothing"), asked("POST", "/dashboard"), asked("HEAD", "/")]) {
      expect((await handle(request, resting())).status).toBe(503);
    }
  });

  it.each(routes.filter(([, path]) => ALWAYS.includes(path)).map(([, path]) => path))(
    "answers %s as ever",
    async (path) => {
      const there = { ...app, client: { address: "127.0.0.1", viaProxy: false } };
      for (const method of ["GET", "HEAD"] as const) {
        const response = await handle(asked(method, path), { ...there, maintenance: () => EIGHT_HOURS });
        expect(response.status).toBe(200);
      }
    },
  );

  it("keeps no mail, and tells Postmark to come again in a few words", async () => {
    const mail = delivery(mailTo(jane.alertAddress, CHASE));
    const response = await handle(mail.clone(), { ...app, maintenance: () => EIGHT_HOURS });
    expect(response.status).toBe(503);
    expect(await response.text()).toBe("This service is being worked on. Please try again later.\n");
    expect((await app.store.serviceState(NOW)).lastMailAgeMs).toBe(null);
    expect((await handle(mail, app)).status).toBe(200);
    expect((await app.store.serviceState(NOW)).lastMailAgeMs).toBe(0);
  });

  it("is calm with people, and changes nothing that they send", async () => {
    const request = post("/settings", { action: "zone", zone: "Europe/Berlin" }, jane.cookie);
    const response = await handle(request, resting());
    expect(response.headers.get("cache-control")).toBe("no-store");
    const words = wordsOf(await response.text());
    expect(words).toContain("Back soon We are working on this service");
    expect(words).toContain("it changed nothing");
  });

  it("is over when it is over", async () => {
    let maintenance: Maintenance | null = EIGHT_HOURS;
    const running: App = { ...app, maintenance: () => maintenance };
    expect((await handle(get("/"), running)).status).toBe(503);
    maintenance = null;
    expect((await handle(get("/"), running)).status).toBe(200);
  });

  it("goes on serving without writing to the store", async () => {
    const probe = async (): Promise<never> => {
      throw new Error("It was tried.");
    };
    const unwritable = { ...app, store: { ...app.store, probe }, maintenance: () => EIGHT_HOURS };
    expect(await servingState(unwritable)).toEqual({
      ok: true,
      release: "test",
      schema: await app.store.schemaVersion(),
      storeWritable: null,
      reason: null,
    });
    expect(await servingState({ ...unwritable, maintenance: () => null })).toMatchObject({ ok: false });
  });
});

describe("the warning", () => {
  const warning = (minutes: number) =>
    maintenanceWarning({ ...app, now: () => NOW.add({ minutes }), maintenance: () => EIGHT_HOURS });
  const moments = { since: "2026-11-20T17:00:00Z", until: "2026-11-21T01:00:00Z" };

  it("names the moments, and has a reason from six hours on", () => {
    expect(warning(0)).toEqual({ ...moments, reason: null });
    expect(warning(6 * 60 - 1)).toEqual({ ...moments, reason: null });
    expect(warning(6 * 60)).toEqual({
      ...moments,
      reason:
        "Maintenance is on since 2026-11-20T17:00:00Z and ends by itself at 2026-11-21T01:00:00Z. `wtmm maintenance on` renews it, and off ends it now.",
    });
  });

  it("is empty when there is none", () => {
    expect(maintenanceWarning(app)).toEqual({ since: null, until: null, reason: null });
  });
});

describe("the operator", () => {
  it("hears when the first mail is lost once maintenance is to outlast Postmark's patience of 10 hours and 21 minutes", () => {
    const until = (duration: Temporal.DurationLike) => sayMaintenance({ since: NOW, until: NOW.add(duration) });
    expect(until({ hours: 10, minutes: 21 })).not.toContain("drop");
    expect(until({ hours: 10, minutes: 22 })).toBe(
      "Maintenance is on since 2026-11-20T17:00:00Z and ends by itself at 2026-11-21T03:22:00Z. End it before 2026-11-21T03:21:00Z: then Postmark begins to drop the mail that came first.",
    );
    expect(sayMaintenance(null)).toBe("Maintenance is off.");
  });
});
