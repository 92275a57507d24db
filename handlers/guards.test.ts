import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { handle } from "../router.ts";
import { fakeApp, signedIn, type FakeApp } from "../test/fake-app.ts";

const HERE = "http://127.0.0.1:8080";

let app: FakeApp;

beforeEach(async () => {
  app = await fakeApp({}, { local: true, publicUrl: HERE, otherUrls: ["http://localhost:8080"] });
});
afterEach(() => app.close());

describe("on a laptop", () => {
  it.each([
    [HERE, 303],
    ["http://localhost:8080", 303],
    ["http://localhost:8081", 403],
    ["https://localhost:8080", 403],
    ["http://evil.example", 403],
  ])("a form from %s is answered %d", async (origin, status) => {
    const { cookie } = await signedIn(app, "jane@example.com");
    expect(cookie).toMatch(/^session=/);
    const headers = { cookie, origin, "content-type": "application/x-www-form-urlencoded" };
    const request = new Request(`${HERE}/settings`, { method: "POST", headers, body: "action=zone&zone=UTC" });
    expect((await handle(request, app)).status).toBe(status);
  });

  it("a cookie that only https sends counts for nothing", async () => {
    const { cookie } = await signedIn(app, "jane@example.com");
    const headers = { cookie: cookie.replace("session=", "__Host-session=") };
    expect((await handle(new Request(`${HERE}/dashboard`, { headers }), app)).status).toBe(303);
  });
});
