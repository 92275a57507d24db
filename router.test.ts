import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { App } from "./app.ts";
import { AppError } from "./errors.ts";
import { handle } from "./router.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "./test/fake-app.ts";
import { wordsOf } from "./test/read-page.ts";
import { get, post } from "./test/requests.ts";

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("the page of a bug", () => {
  it("says calmly that it is our fault, and nothing of the bug", async () => {
    const { status, words } = await answer(get("/dashboard", jane.cookie), broken("purchasesBetween"));
    expect(status).toBe(500);
    expect(words).toContain("Something broke on our side and has been written down.");
    expect(words).not.toMatch(/Internal error|secret detail/);
  });

  it("is two words for a program", async () => {
    const request = new Request(get("/dashboard", jane.cookie), { headers: { cookie: jane.cookie, accept: "*/*" } });
    expect(await (await handle(request, broken("purchasesBetween"))).text()).toBe("Internal error\n");
  });
});

describe("the page of a refusal", () => {
  it.each([
    ["a page that is not there", () => get("/nothing", jane.cookie), 404, "Nothing here"],
    ["a purchase that is not there", () => get("/purchases/none", jane.cookie), 404, "Nothing here"],
    ["an action that is not known", () => post("/settings", {}, jane.cookie), 400, "That did not work"],
    ["a method that is not taken", () => post("/dashboard", {}, jane.cookie), 405, "Not like this"],
  ])("keeps the navigation for a signed-in person who asks for %s", async (_what, ask, wanted, title) => {
    const { status, words, hasNavigation } = await answer(ask(), app);
    expect([status, words]).toEqual([wanted, expect.stringContaining(title)]);
    expect(hasNavigation).toBe(true);
    expect(words).toContain("To the dashboard");
  });

  it("has none for anybody else", async () => {
    for (const cookie of ["", "__Host-session=guessed"]) {
      const { status, words, hasNavigation } = await answer(get("/nothing", cookie), app);
      expect([status, words]).toEqual([404, expect.stringContaining("There is nothing at this address.")]);
      expect(hasNavigation).toBe(false);
      expect(words).toContain("To the front page");
    }
  });

  it.each(["session", "countInReview"])("is still there when the store's %s fails meanwhile", async (call) => {
    const { status, words, hasNavigation } = await answer(get("/nothing", jane.cookie), broken(call));
    expect([status, words]).toEqual([404, expect.stringContaining("There is nothing at this address.")]);
    expect(hasNavigation).toBe(false);
  });

  it("asks a store that can't answer no second time", async () => {
    let asked = 0;
    const session = async (): Promise<never> => {
      asked += 1;
      throw new AppError("unavailable", "The store can't be read right now.");
    };
    const { status } = await answer(get("/dashboard", jane.cookie), { ...app, store: { ...app.store, session } });
    expect([status, asked]).toEqual([503, 1]);
  });

  it("blames nobody for what can't be done as things stand", async () => {
    const mail = async (): Promise<never> => {
      throw new AppError("conflict", "It can't be booked.");
    };
    const store = { ...app.store, mail };
    const { status, words } = await answer(post("/review/none", { action: "dismiss" }, jane.cookie), { ...app, store });
    expect([status, words]).toEqual([409, expect.stringContaining("That can't be done It can't be booked.")]);
  });

  it("tells nothing of a person by a name that is not ours", async () => {
    const config = { ...app.config, local: true, publicUrl: "http://127.0.0.1:8080" };
    const { status, words, hasNavigation } = await answer(get("/nothing", jane.cookie.replace("__Host-", "")), {
      ...app,
      config,
    });
    expect([status, words]).toEqual([421, expect.stringContaining("Not by this name")]);
    expect(hasNavigation).toBe(false);
  });
});

async function answer(
  request: Request,
  asked: App,
): Promise<{ status: number; words: string; hasNavigation: boolean }> {
  const response = await handle(request, asked);
  const page = await response.text();
  return { status: response.status, words: wordsOf(page), hasNavigation: page.includes('<nav aria-label="Main">') };
}

/** The app with a call of its store that breaks. */
function broken(call: string): App {
  const fails = async (): Promise<never> => {
    throw new Error("a secret detail");
  };
  return { ...app, store: { ...app.store, [call]: fails } };
}
