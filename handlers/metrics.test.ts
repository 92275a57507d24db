import { afterEach, beforeEach, expect, it } from "vitest";

import { handle } from "../router.ts";
import { fakeApp, type FakeApp } from "../test/fake-app.ts";
import { get } from "../test/requests.ts";

const LOCAL = { address: "127.0.0.1", viaProxy: false };

let app: FakeApp;

beforeEach(async () => {
  app = await fakeApp({ metrics: async () => "wtmm_mails_waiting 3\n" });
});
afterEach(() => app.close());

it("tells this machine what is measured, as Prometheus reads it", async () => {
  const response = await handle(get("/metrics"), { ...app, client: LOCAL });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(await response.text()).toBe("wtmm_mails_waiting 3\n");
});

it.each([
  { address: "203.0.113.9", viaProxy: true },
  { address: "127.0.0.1", viaProxy: true },
  { address: "203.0.113.9", viaProxy: false },
])("is not there for %j", async (client) => {
  const [refused, unknown] = await Promise.all(
    ["/metrics", "/no-such-page"].map((path) => handle(get(path), { ...app, client })),
  );
  expect(refused?.status).toBe(404);
  expect(await refused?.text()).toBe(await unknown?.text());
});
