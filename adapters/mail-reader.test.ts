import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { zstdCompressSync } from "node:zlib";

import { afterEach, describe, expect, it, vi } from "vitest";

import type { KnownOfMail } from "../app.ts";
import type { ReadMail } from "../handlers/read-mail.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { openMailReader, type MailReader } from "./mail-reader.ts";

const TOO_LONG: ReadMail = { state: "gave_up", reason: "This mail took too long to read." };
const BROKE_DOWN: ReadMail = { state: "gave_up", reason: "Reading this mail broke down." };
const AT = Temporal.Instant.from("2022-06-05T20:45:00Z");

const readers: MailReader[] = [];
const warnings: object[] = [];

afterEach(async () => {
  vi.useRealTimers();
  for (const reader of readers.splice(0)) await reader.close();
  warnings.length = 0;
});

describe("the reader", () => {
  it("reads a kept mail in a thread of its own", async () => {
    const reader = open({ timeLimitMs: 20_000 });
    const read = await reader.read(packed(JSON.stringify(mailTo("alerts@wtmm.example.com", CHASE))), known());
    expect(read).toMatchObject({
      state: "read",
      institution: "chase",
      events: [{ kind: "purchase", amountMinor: 6383, currency: "USD", merchant: "ANMOL INDIAN RESTAUR" }],
    });
  });

  it("says what is no mail, gives up what is not even whole, and reads on", async () => {
    const reader = open({ timeLimitMs: 20_000 });
    const bodies = [packed("no JSON"), packed("cut short").subarray(0, -4), packed("[]")];
    const answers = await Promise.all(bodies.map((body) => reader.read(body, known())));
    expect(answers).toEqual([{ state: "unreadable" }, BROKE_DOWN, { state: "unreadable" }]);
  });

  it("keeps the process alive while it reads, and no longer", async () => {
    const child = spawn(
      process.execPath,
      [
        "--eval",
        `
        import { openMailReader } from ${JSON.stringify(new URL("mail-reader.ts", import.meta.url).href)};
        const reader = openMailReader({ domain: "wtmm.example.com", log: console, resolveTxt: async () => [] });
        for (const number of [1, 2]) {
          const { state } = await reader.read(new Uint8Array(${JSON.stringify([...packed("no JSON")])}), { receivedAt: Temporal.Now.instant(), hasAccount: true, check: null });
          console.log(number, state);
        }
        `,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
    expect({ said, code }).toEqual({ said: "1 unreadable\n2 unreadable\n", code: 0 });
  });
});

describe("a mail that harms its reader", () => {
  it.each([
    ["never ends", "for (;;) {}", TOO_LONG],
    ["is never answered", "", TOO_LONG],
    ["is answered too late", "setTimeout(() => answer(number), 4000);", TOO_LONG],
    ["throws", "throw new Error('broken');", BROKE_DOWN],
    ["is rejected", "await Promise.reject(new Error('broken'));", BROKE_DOWN],
    ["ends the thread", "process.exit(0);", BROKE_DOWN],
    ["takes all memory", "const all = []; for (;;) all.push(new Array(1e5).fill(number));", BROKE_DOWN],
  ])("because it %s is given up alone", async (_how, harm, verdict) => {
    const reader = open({
      script: reading(`if (number === 3) { ${harm} } else answer(number);`),
      timeLimitMs: 300,
      patienceMs: 600,
    });
    const answers = await Promise.all([1, 2, 3, 4, 5].map((number) => send(reader, number)));
    expect(answers).toEqual([1, 2, verdict, 4, 5]);
  });

  it("is given up by the time that its thread worked on it, however much patience there is", async () => {
    const script = reading("if (number === 2) for (;;); answer(number);");
    const reader = open({ script, timeLimitMs: 200, patienceMs: 60_000 });
    const answers = await Promise.all([1, 2, 3].map((number) => send(reader, number)));
    expect(answers).toEqual([1, TOO_LONG, 3]);
  });

  it("is not taken for one that only waits for its turn on a busy machine", async () => {
    const reader = open({
      script: reading("setTimeout(() => answer(number), 300);"),
      timeLimitMs: 100,
      patienceMs: 60_000,
    });
    expect(await Promise.all([send(reader, 1), send(reader, 2)])).toEqual([1, 2]);
  });

  it("answers for its own time alone, not for that of the mails before it", async () => {
    const work = "const end = performance.now() + 100; while (performance.now() < end);";
    const script = reading(`${work} setTimeout(() => answer(number), 200);`);
    const reader = open({ script, timeLimitMs: 250, patienceMs: 60_000 });
    const numbers = [1, 2, 3, 4, 5];
    expect(await Promise.all(numbers.map((number) => send(reader, number)))).toEqual(numbers);
  });

  it("is given up without a word about it in the log", async () => {
    const script = reading("if (number === 1) throw new Error('broken'); answer(number);");
    await send(open({ script }), 1);
    expect(warnings).not.toEqual([]);
    for (const warning of warnings) expect(Object.keys(warning)).toEqual(["err"]);
  });

  it("is tried again when a mail before it may have broken the thread", async () => {
    for (const harm of ["throw new Error('late');", "process.exit(0);"]) {
      const script = reading(`answer(number); if (number === 1) setImmediate(() => { ${harm} });`);
      const reader = open({ script });
      expect(await send(reader, 1)).toBe(1);
      expect(await send(reader, 2)).toBe(2);
      expect(await send(reader, 1)).toBe(1);
      // Long enough for the thread to be gone for good before the next one comes.
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await send(reader, 3)).toBe(3);
    }
  });
});

describe("a reader that can't be started", () => {
  it.each([
    ["throws", module("throw new Error('no start');")],
    ["ends at once", module("process.exit(0);")],
    ["is not there", new URL("missing-worker.ts", import.meta.url)],
  ])("because it %s is told to each who asks", async (_how, script) => {
    const reader = open({ script });
    const reason = {
      code: "unavailable",
      message: "The parser worker could not be started.",
      cause: expect.any(Error),
    };
    for (const outcome of await Promise.allSettled([send(reader, 1), send(reader, 2)])) {
      expect(outcome).toMatchObject({ status: "rejected", reason });
    }
  });
});

describe("many mails", () => {
  it("are read one at a time, in their order, each with its own answer", async () => {
    const script = reading("setTimeout(() => answer([number, ++count, inside]), number % 3); inside += 1;", {
      afterwards: "inside -= 1;",
    });
    const reader = open({ script });
    const answers = await Promise.all(Array.from({ length: 60 }, (_, number) => send(reader, number)));
    expect(answers).toEqual(Array.from({ length: 60 }, (_, number) => [number, number + 1, 1]));
  });
});

describe("mails that come together", () => {
  it("are handed to the thread together, those that come later after them", async () => {
    const reader = open({ script: reading("answer([number, sent]);") });
    const first = [1, 2, 3].map((number) => send(reader, number));
    expect(await Promise.all(first)).toEqual([1, 2, 3].map((number) => [number, 3]));
    expect(await send(reader, 4)).toEqual([4, 1]);
  });

  it("are told of as soon as the thread will not wait for the others, which are read next", async () => {
    const reader = open({ script: reading("answer([number, sent]);", { together: 2 }) });
    const answers = await Promise.all([1, 2, 3, 4, 5].map((number) => send(reader, number)));
    expect(answers).toEqual([1, 2, 3, 4, 5].map((number) => [number, expect.any(Number)]));
  });

  it("have each all of the time limit when they take longer than that together", async () => {
    const script = reading("if (sent > 1) for (;;); answer([number, sent]);");
    const reader = open({ script, timeLimitMs: 200, patienceMs: 60_000 });
    const answers = await Promise.all([1, 2, 3, 4].map((number) => send(reader, number)));
    expect(answers).toEqual([1, 2, 3, 4].map((number) => [number, 1]));
  });

  it("are read each by itself after one of them broke the thread, and only that one is given up", async () => {
    const script = reading("if (number === 2) process.exit(0); else answer([number, sent]);");
    const reader = open({ script });
    const answers = await Promise.all([1, 2, 3].map((number) => send(reader, number)));
    expect(answers).toEqual([[1, 1], BROKE_DOWN, [3, 1]]);
  });
});

describe("the thread", () => {
  it("does not outlive a reader that is closed while it starts", async () => {
    const beats = new BroadcastChannel("beats of a mail reader");
    const reader = open({ script: reading(`${BEATING} answer(number);`) });
    const waiting = Promise.allSettled([send(reader, 1)]);
    await reader.close();
    expect(await waiting).toMatchObject([
      { status: "rejected", reason: { code: "unavailable", message: "The mail reader is closed." } },
    ]);
    await expectSilence(beats);
  });

  it("is the same for all mails, and ended when none has come for half a minute", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const reader = open({ script: reading("answer(threadId);") });
    const first = await send(reader, 1);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(await send(reader, 2)).toBe(first);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(await send(reader, 3)).toBe(first);
    await vi.advanceTimersByTimeAsync(31_000);
    expect(await send(reader, 4)).not.toBe(first);
  });

  it("is gone when the reader is closed, and no mail is judged by that", async () => {
    const beats = new BroadcastChannel("beats of a mail reader");
    const reader = open({ script: reading(BEATING), timeLimitMs: 20_000 });
    const waiting = Promise.allSettled([send(reader, 1), send(reader, 2)]);
    await once(beats, "message");
    await reader.close();
    for (const outcome of [...(await waiting), ...(await Promise.allSettled([send(reader, 3)]))]) {
      expect(outcome).toMatchObject({
        status: "rejected",
        reason: { code: "unavailable", message: "The mail reader is closed." },
      });
    }
    await expectSilence(beats);
  });
});

/** Makes a worker that is heard for as long as it lives. */
const BEATING =
  "const beats = new BroadcastChannel('beats of a mail reader'); setInterval(() => beats.postMessage(1), 1);";

async function expectSilence(beats: BroadcastChannel): Promise<void> {
  let heard = 0;
  beats.onmessage = () => (heard += 1);
  await new Promise((resolve) => setTimeout(resolve, 30));
  beats.close();
  expect(heard).toBe(0);
}

function open(options: Partial<Parameters<typeof openMailReader>[0]>): MailReader {
  const log = { info: () => {}, warn: (fields: object) => void warnings.push(fields), error: () => {} };
  const reader = openMailReader({
    domain: "wtmm.example.com",
    resolveTxt: () => Promise.reject(new Error("There is no DNS here.")),
    log,
    memoryLimitMb: 64,
    timeLimitMs: 10_000,
    ...options,
  });
  readers.push(reader);
  return reader;
}

/** Sends a mail that a worker made by `reading` knows by its number. */
function send(reader: MailReader, number: number): Promise<ReadMail> {
  return reader.read(new Uint8Array(), known(Temporal.Instant.fromEpochMilliseconds(number)));
}

function known(receivedAt = AT): KnownOfMail {
  return { receivedAt, hasAccount: true, usualCurrency: null, check: null };
}

/** A worker that does this with each mail, and answers when it has been through `together` of those that it was sent. */
function reading(code: string, { afterwards = "", together = Infinity } = {}): URL {
  return module(`
    import { parentPort, threadId } from "node:worker_threads";
    let inside = 0;
    let count = 0;
    parentPort.on("message", async (mails) => {
      const sent = mails.length;
      const answers = [];
      for (const { receivedAt: number } of mails.slice(0, ${together})) {
        const { promise, resolve: answer } = Promise.withResolvers();
        // What is thrown in a promise ends a thread as well.
        void (async () => { ${code} })();
        answers.push(await promise);
        ${afterwards}
      }
      parentPort.postMessage(answers);
    });
    parentPort.postMessage("ready");
  `);
}

function module(code: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

function packed(body: string): Uint8Array {
  return zstdCompressSync(body);
}
