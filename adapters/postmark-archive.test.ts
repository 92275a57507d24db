import { randomUUID } from "node:crypto";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  startPostmarkArchive,
  type ArchiveFault,
  type PostmarkArchive,
  type StoredMail,
} from "../test/postmark-archive.ts";
import { openPostmarkArchive, type Archive } from "./postmark-archive.ts";

const NOW = Temporal.Now.instant();
const SINCE = NOW.subtract({ hours: 24 });
const never = new AbortController().signal;

let postmark: PostmarkArchive;
let archive: Archive;
let posted: unknown[];

beforeEach(async () => {
  posted = [];
  const post = async (body: unknown) => posted.push(body) && 200;
  postmark = await startPostmarkArchive({ now: () => NOW, post, page: 5, reach: 20 });
  archive = openPostmarkArchive(postmark.settings, postmark.limits);
});
afterEach(() => postmark.close());

/** One that was taken that many minutes ago. */
function store(minutesAgo: number, parts: Partial<StoredMail> = {}): StoredMail {
  const receivedAt = NOW.subtract({ minutes: minutesAgo });
  const id = randomUUID();
  const mail: StoredMail = { id, receivedAt, status: "processed", webhook: { MessageID: id }, details: {}, ...parts };
  postmark.mails.push(mail);
  return mail;
}

const listed = async () => (await archive.list(SINCE, never, () => {})).map(({ id }) => id).toSorted();
const idsOf = (mails: readonly StoredMail[]) => mails.map(({ id }) => id).toSorted();

describe("the list", () => {
  it("has every mail since then, however many there are and however close they came", async () => {
    const close = Array.from({ length: 18 }, () => store(60));
    const spread = Array.from({ length: 90 }, (_, index) => store(index));
    store(25 * 60);
    expect(await listed()).toEqual(idsOf([...close, ...spread]));
    const searched = postmark.requests.map((line) => new URLSearchParams(line.split("?")[1]));
    expect(new Set(searched.map((query) => query.get("todate"))).size).toBeGreaterThan(4);
    expect(searched.every((query) => Number(query.get("count")) + Number(query.get("offset")) <= 20)).toBe(true);
  });

  it("has those that fill Postmark's reach exactly", async () => {
    const mails = Array.from({ length: 20 }, (_, index) => store(index));
    expect(await listed()).toEqual(idsOf(mails));
  });

  it("says so when more came in a second than can be listed", async () => {
    for (let count = 0; count < 21; count += 1) store(60);
    await expect(listed()).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/more than it lists/),
    });
  });

  it("names each once, and misses none, when new mail comes while it is read", async () => {
    const mails = Array.from({ length: 17 }, (_, index) => store(index + 1));
    postmark.on.search = ({ size }) => size > 0 && postmark.mails.length < 19 && void store(0);
    const ids = await listed();
    expect(ids).toEqual(expect.arrayContaining(idsOf(mails)));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("misses none when more comes while it is read than Postmark lists", async () => {
    const mails = Array.from({ length: 18 }, (_, index) => store(index + 1));
    postmark.on.search = (query) => {
      const isLastPage = query.get("status") === "processed" && query.get("offset") === "15";
      if (isLastPage && postmark.mails.length === mails.length) for (let count = 0; count < 6; count += 1) store(0);
    };
    expect(await listed()).toEqual(expect.arrayContaining(idsOf(mails)));
  });

  it("says how far each has come, and leaves out what Postmark's own rules blocked and what it has forgotten", async () => {
    for (const status of ["processed", "failed", "scheduled", "queued", "blocked"] as const)
      store(5, { id: status, status });
    store(50 * 24 * 60, { id: "expired" });
    const mails = await archive.list(NOW.subtract({ hours: 60 * 24 }), never, () => {});
    expect(mails.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(
      ["failed", "processed", "queued", "scheduled"].map((name) => ({ id: name, status: name })),
    );
  });

  it("sees a mail that is on its way from one state to the next", async () => {
    const mail = store(5, { status: "scheduled" });
    postmark.on.search = (query) => query.get("status") === "scheduled" && void (mail.status = "processed");
    expect(await listed()).toEqual([mail.id]);
  });

  it.each<[string, unknown]>([
    ["no list", {}],
    ["an id that is none", { TotalCount: 1, InboundMessages: [{ MessageID: "a b/../c" }] }],
    ["a count that is none", { TotalCount: "many", InboundMessages: [] }],
  ])("is refused when the answer has %s", async (_case, body) => {
    const forged = openPostmarkArchive({
      ...postmark.settings,
      apiUrl: `data:application/json,${JSON.stringify(body)}#`,
    });
    await expect(forged.list(SINCE, never, () => {})).rejects.toThrow(/not a list of mails/);
  });
});

describe("Postmark", () => {
  it.each<ArchiveFault>([429, 500, 503, 403, "silence", "half an answer", "a page", "another place"])(
    "is asked again after %s",
    async (fault) => {
      const mail = store(5);
      postmark.faults.push(fault);
      expect(await listed()).toEqual([mail.id]);
      // The token must not go there.
      expect(postmark.requests.some((line) => line.includes("elsewhere"))).toBe(false);
    },
  );

  it("is given up after some tries, with a sentence", async () => {
    postmark.faults.push(...Array.from({ length: 20 }, () => 503));
    const failed = { code: "unavailable", message: "Postmark can't be asked: it answered 503, error 503." };
    await expect(listed()).rejects.toMatchObject(failed);
    expect(postmark.requests.length).toBeLessThan(10);
  });

  it("that can't be reached is named with the reason", async () => {
    const gone = openPostmarkArchive({ ...postmark.settings, apiUrl: "http://127.0.0.1:9" });
    await expect(gone.list(SINCE, never, () => {})).rejects.toMatchObject({
      message: expect.stringMatching(/^Postmark can't be asked: /),
    });
  });

  it("that does not know the token is not asked twice", async () => {
    const other = openPostmarkArchive({ ...postmark.settings, token: "another" });
    await expect(other.list(SINCE, never, () => {})).rejects.toMatchObject({
      message: expect.stringContaining("POSTMARK_SERVER_TOKEN"),
    });
    expect(postmark.requests).toHaveLength(1);
  });

  it("is left alone at once by whoever is told to stop", async () => {
    postmark.faults.push("silence");
    const stop = new AbortController();
    const asked = archive.list(SINCE, stop.signal, () => {});
    stop.abort();
    await expect(asked).rejects.toMatchObject({ code: "unavailable", message: "It was told to stop." });
  });
});

describe("one mail", () => {
  it("is brought again", async () => {
    const { id, webhook } = store(5);
    expect(await archive.bringAgain(id, never)).toEqual({ state: "asked" });
    expect(posted).toEqual([webhook]);
  });

  it("that is not brought again says why", async () => {
    const { id } = store(5, { webhook: null });
    expect(await archive.bringAgain(id, never)).toEqual({
      state: "refused",
      reason: "Postmark answered 422, error 701: It can't be tried again.",
    });
  });

  it("is given as it is kept", async () => {
    const { id } = store(5, { details: { Subject: "Hello\0", TextBody: "63.83" } });
    const expected = { MessageID: id, Subject: "Hello\0", TextBody: "63.83", Status: "processed" };
    expect(await archive.details(id, never)).toEqual({ state: "found", details: expected });
  });

  it.each<[string, Partial<StoredMail>, RegExp]>([
    ["Postmark has forgotten", { details: null }, /^Postmark answered 422, error 701: This message was not found\.$/],
    [
      "is answered about with another",
      { details: { MessageID: "another" } },
      /^Postmark's answer is about another mail\.$/,
    ],
  ])("that %s is refused", async (_case, parts, reason) => {
    const { id } = store(5, parts);
    expect(await archive.details(id, never)).toEqual({ state: "refused", reason: expect.stringMatching(reason) });
  });

  it("whose answer is a hundred megabytes long is refused, and not read to its end", async () => {
    const { id } = store(5);
    postmark.faults.push("a hundred megabytes");
    expect(await archive.details(id, never)).toEqual({
      state: "refused",
      reason: expect.stringContaining("larger than any"),
    });
  });
});
