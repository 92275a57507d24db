import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Confirmation } from "../adapters/confirm-forwarding.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { keepRequest, requestLink } from "../test/gmail-confirmations.ts";
import { confirmForwarding } from "./confirm-forwarding.ts";

const NONE = { confirmed: 0, refused: 0, unreachable: 0 };

let app: FakeApp;
let jane: TestPerson;
/** Links that were opened. */
let opened: string[];
/** What Google says to each link. */
let answer: (link: string) => Promise<Confirmation>;

beforeEach(async () => {
  opened = [];
  answer = async () => "confirmed";
  app = await fakeApp({
    confirmForwarding: (link) => {
      opened.push(link);
      return answer(link);
    },
  });
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("a request to forward", () => {
  it.each(["confirmed", "refused"] as const)("that is %s is done with, and nothing of it is logged", async (said) => {
    await request("a");
    app.tick({ seconds: 5 });
    answer = async () => said;
    expect(await confirmForwarding(app)).toEqual({ ...NONE, [said]: 1 });
    expect(opened).toEqual([requestLink("a")]);
    expect(await states()).toEqual([[said, app.now().epochMilliseconds]]);
    app.tick({ hours: 9 });
    expect(await confirmForwarding(app)).toEqual(NONE);
    expect(app.logged).toEqual([]);
  });

  it("that waits for its person is not opened", async () => {
    await request("a", false);
    expect(await confirmForwarding(app)).toEqual(NONE);
    expect(opened).toEqual([]);
  });

  it("is tried after 1, 5 and 25 minutes while Google can't be reached, then is left to its person", async () => {
    answer = async () => "unreachable";
    await request("a");
    for (const minutes of [1, 5, 25]) {
      expect(await confirmForwarding(app)).toEqual({ ...NONE, unreachable: 1 });
      app.tick({ seconds: minutes * 60 - 1 });
      expect(await confirmForwarding(app)).toEqual(NONE);
      expect(await states()).toEqual([["due", null]]);
      app.tick({ seconds: 1 });
    }
    expect(await confirmForwarding(app)).toEqual({ ...NONE, unreachable: 1 });
    expect(await states()).toEqual([["waiting", null]]);
    app.tick({ hours: 9 });
    expect(await confirmForwarding(app)).toEqual(NONE);
    expect(opened).toHaveLength(4);
  });

  it("does not hold up the others when Google can't be reached about it", async () => {
    for (const id of ["a", "b", "c"]) await request(id);
    answer = async (link) => (link === requestLink("b") ? "unreachable" : "confirmed");
    expect(await confirmForwarding(app)).toEqual({ confirmed: 2, refused: 0, unreachable: 1 });
    expect(new Set(opened).size).toBe(3);
  });

  it("that a bug is about does not hold up the others, and ends with its person", async () => {
    for (const id of ["a", "b"]) await request(id);
    answer = async (link) => {
      if (link === requestLink("a")) throw new TypeError("a bug");
      return "confirmed";
    };
    for (let round = 0; round < 9; round += 1) {
      await confirmForwarding(app).catch((error: unknown) => expect(error).toEqual(new TypeError("a bug")));
      app.tick({ minutes: 1 });
    }
    expect(await states()).toEqual([
      ["confirmed", expect.any(Number)],
      ["waiting", null],
    ]);
    expect(opened.filter((link) => link === requestLink("a"))).toHaveLength(4);
  });

  it("is not begun when the service is to stop", async () => {
    await request("a");
    expect(await confirmForwarding({ ...app, stopping: AbortSignal.abort() })).toEqual(NONE);
    expect(await confirmForwarding(app)).toMatchObject({ confirmed: 1 });
  });
});

/** Gmail asks to forward to Jane's alert address. */
function request(id: string, isDue = true): Promise<void> {
  return keepRequest(app.store, { id, accountId: jane.id, isDue, at: app.now() });
}

/** State and end of each, sorted. */
async function states(): Promise<unknown[][]> {
  const rows = await app.store.confirmations(jane.id);
  return rows
    .map(({ state, settledAt }) => [state, settledAt])
    .toSorted((one, other) => String(one[0]).localeCompare(String(other[0])));
}
