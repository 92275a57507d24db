import { afterEach, beforeEach, expect, it } from "vitest";

import { handle } from "../router.ts";
import { fakeApp, type FakeApp } from "../test/fake-app.ts";
import { get } from "../test/requests.ts";

let app: FakeApp;

beforeEach(async () => {
  app = await fakeApp();
});
afterEach(() => app.close());

it("shows the letters that would have been sent, for people and for programs", async () => {
  const letter = { to: "jane@example.com", text: "Hello", html: "<p>Hello</p>", createdAt: app.now() };
  const letters = [
    { ...letter, id: "second", subject: "Second" },
    { ...letter, id: "first", subject: "First" },
  ];
  const local = { ...app, localLetters: () => letters };
  const page = await (await handle(get("/dev/mail"), local)).text();
  expect(page.indexOf("Second")).toBeLessThan(page.indexOf("First"));
  const json = await handle(get("/dev/mail.json"), local);
  expect(json.headers.get("cache-control")).toBe("private, no-store");
  expect(await json.json()).toEqual(letters.map((each) => ({ ...each, createdAt: app.now().toString() })));
});

it("is not there outside local mode", async () => {
  for (const path of ["/dev/mail", "/dev/mail.json"]) {
    const response = await handle(get(path), app);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("There is nothing at this address.");
  }
});
