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

  it.each(["127.0.0.1:8080", "localhost:8080", "LOCALHOST:8080"])("answers who asks for %s", async (host) => {
    expect(await askedFor(host)).toEqual([303, ""]);
  });

  it.each(["evil.example:8080", "evil.example", "127.0.0.1:8081", "127.0.0.1", "localhost:8080.evil.example", ""])(
    "answers nothing to who asks for %j, so that no other site's name leads here",
    async (host) => {
      const [status, text] = await askedFor(host);
      expect(status).toBe(421);
      expect(text).toBe(`This program answers at ${HERE} only. PUBLIC_URL can name another address.\n`);
    },
  );

  it("goes by the address of a request without a Host header", async () => {
    expect((await handle(new Request(`${HERE}/up`), app)).status).toBe(200);
    expect((await handle(new Request("http://evil.example:8080/up"), app)).status).toBe(421);
  });

  it("answers at the address that its person set", async () => {
    const named = { ...app, config: { ...app.config, publicUrl: "https://laptop.example.net" } };
    const request = new Request(`${HERE}/up`, { headers: { host: "laptop.example.net" } });
    expect((await handle(request, named)).status).toBe(200);
  });

  it("takes webhooks by its own address only", async () => {
    const request = new Request(`${HERE}/webhook/inbound`, { method: "POST", headers: { host: "evil.example" } });
    // A 403 would make the provider give the mail up.
    expect((await handle(request, app)).status).toBe(421);
  });
});

it("a service on the net leaves names to the proxy in front of it", async () => {
  const service = { ...app, config: { ...app.config, local: false } };
  expect((await handle(new Request("http://10.0.0.7:8080/up"), service)).status).toBe(200);
});

async function askedFor(host: string): Promise<[number, string]> {
  const response = await handle(new Request(`${HERE}/dashboard`, { headers: { host } }), app);
  return [response.status, await response.text()];
}
