import { ServerClient, type Models } from "postmark";
import { afterEach, describe, expect, it } from "vitest";

import { startLocalPostmark, type LocalPostmark, type LocalPostmarkSettings } from "./local-postmark.ts";
import { openPostmarkMailer, type Mailer } from "./postmark.ts";

const now = Temporal.Instant.from("2026-11-20T15:00:05Z");
const letter = {
  to: "jane@example.com",
  subject: "Hello",
  text: "words",
  html: "<p>words</p>",
  kind: "sign-in",
  id: "l-1",
};

let running: LocalPostmark | null = null;
afterEach(async () => {
  await running?.close();
  running = null;
});

it("takes a letter from Postmark's own client and shows it", async () => {
  const { postmark, mailer } = await start();
  const result = await mailer.send(letter);
  expect(result).toEqual({ state: "sent", providerId: postmark.letters()[0]?.id });
  expect(postmark.letters()).toEqual([
    {
      id: expect.any(String),
      to: "jane@example.com",
      subject: "Hello",
      text: "words",
      html: "<p>words</p>",
      createdAt: now,
    },
  ]);
});

it("shows the newest letters first and forgets the oldest beyond 500", async () => {
  const { postmark, mailer } = await start();
  for (let batch = 0; batch < 2; batch += 1) {
    await postBatch(postmark.url, 260, (index) => ({ ...message, Subject: `batch ${batch}, letter ${index}` }));
  }
  await mailer.send({ ...letter, subject: "the last" });
  expect(postmark.letters()).toHaveLength(500);
  expect(postmark.letters()[0]?.subject).toBe("the last");
  expect(postmark.letters()[1]?.subject).toBe("batch 1, letter 259");
  expect(postmark.letters()[499]?.subject).toBe("batch 0, letter 21");
});

describe("a letter to an address of ours", () => {
  it("comes back through the webhook as a whole inbound payload", async () => {
    const arrived = Promise.withResolvers<Record<string, unknown>>();
    const { mailer } = await start({ deliver: async (payload) => (arrived.resolve(payload), 200) });
    const result = await mailer.send({ ...letter, to: "Alerts+U7K2M@WTMM.test", subject: "Your sample 🧾" });
    expect(await arrived.promise).toMatchObject({
      From: "info@wtmm.test",
      FromName: "Who Took My Money",
      To: "Alerts+U7K2M@WTMM.test",
      OriginalRecipient: "Alerts+U7K2M@WTMM.test",
      MailboxHash: "U7K2M",
      Subject: "Your sample 🧾",
      TextBody: "words",
      HtmlBody: "<p>words</p>",
      Date: "Fri, 20 Nov 2026 15:00:05 +0000",
      Headers: expect.arrayContaining([
        { Name: "X-Spam-Tests", Value: expect.stringContaining("DKIM_VALID_AU") },
        { Name: "X-PM-Message-Id", Value: result.state === "sent" && result.providerId },
        { Name: "X-PM-Tag", Value: "sign-in" },
        { Name: "Auto-Submitted", Value: "auto-generated" },
      ]),
    });
  });

  it("is posted again, as the same delivery, until the webhook takes it", async () => {
    const ids: unknown[] = [];
    const taken = Promise.withResolvers<void>();
    const { mailer } = await start({
      deliver: async (payload) => {
        ids.push(payload["MessageID"]);
        if (ids.length === 1) return 503;
        if (ids.length === 2) throw new Error("connection refused");
        taken.resolve();
        return 200;
      },
    });
    await mailer.send({ ...letter, to: "alerts+u7k2m@wtmm.test" });
    await taken.promise;
    expect(ids).toEqual([ids[0], ids[0], ids[0]]);
  });

  it("is given up when the stand-in closes, without a word in the log", async () => {
    const tried = Promise.withResolvers<void>();
    const { postmark, mailer, logged } = await start({ deliver: async () => (tried.resolve(), 503) });
    await mailer.send({ ...letter, to: "alerts+u7k2m@wtmm.test" });
    await tried.promise;
    await postmark.close();
    expect(logged).toEqual([]);
  });
});

it("keeps a letter to anybody else to itself", async () => {
  let delivered = 0;
  const { mailer } = await start({ deliver: async () => ((delivered += 1), 200) });
  await mailer.send({ ...letter, to: "jane@sub.wtmm.test" });
  await mailer.send({ ...letter, to: "jane@example.com" });
  await running?.close();
  expect(delivered).toBe(0);
});

describe("what Postmark would refuse is refused", () => {
  it.each([
    [{ To: "" }, 422, 300],
    [{ To: "no address" }, 422, 300],
    [{ To: "a@example.com, b@" }, 422, 300],
    [{ To: Array.from({ length: 51 }, (_, n) => `a${n}@example.com`).join(",") }, 422, 300],
    [{ Cc: "nobody" }, 422, 300],
    [{ From: "" }, 422, 300],
    [{ From: "info" }, 422, 300],
    [{ TextBody: "", HtmlBody: "" }, 422, 300],
  ])("%o", async (change, status, code) => {
    const { postmark } = await start();
    const response = await post(`${postmark.url}/email`, JSON.stringify({ ...message, ...change }));
    expect([response.status, await response.json()]).toEqual([
      status,
      { ErrorCode: code, Message: expect.any(String) },
    ]);
    expect(postmark.letters()).toEqual([]);
  });

  it("a request without a token", async () => {
    const { postmark } = await start();
    const response = await post(`${postmark.url}/email`, JSON.stringify(message), {});
    expect([response.status, await response.json()]).toEqual([401, { ErrorCode: 10, Message: expect.any(String) }]);
  });

  it("a body that is not JSON, not a message, or not a list", async () => {
    const { postmark } = await start();
    for (const [path, body] of [
      ["/email", "{"],
      ["/email", "7"],
      ["/email/batch", "{}"],
    ] as const) {
      const response = await post(postmark.url + path, body);
      expect([response.status, await response.json()]).toEqual([422, { ErrorCode: 402, Message: expect.any(String) }]);
    }
  });

  it("a batch of more than 500", async () => {
    const { postmark } = await start();
    const response = await postBatch(postmark.url, 501, () => message);
    expect([response.status, await response.json()]).toEqual([422, { ErrorCode: 410, Message: expect.any(String) }]);
  });

  it("another path or method", async () => {
    const { postmark } = await start();
    expect((await post(`${postmark.url}/bounces`, "{}")).status).toBe(404);
    expect((await fetch(`${postmark.url}/email`)).status).toBe(404);
  });
});

it("answers a batch message by message", async () => {
  const { postmark } = await start();
  const response = await postBatch(postmark.url, 2, (index) => ({
    ...message,
    To: index === 0 ? "nobody" : message.To,
  }));
  expect([response.status, await response.json()]).toEqual([
    200,
    [
      { ErrorCode: 300, Message: expect.any(String) },
      expect.objectContaining({ ErrorCode: 0, To: "jane@example.com" }),
    ],
  ]);
});

describe("asked about the server that a token belongs to", () => {
  const events: Models.Webhook = {
    ID: 7,
    Url: "https://wtmm.test/webhook/events",
    MessageStream: "outbound",
    Triggers: {
      Open: { Enabled: false },
      Click: { Enabled: false },
      Delivery: { Enabled: false },
      Bounce: { Enabled: true },
      SpamComplaint: { Enabled: true },
      SubscriptionChange: { Enabled: true },
    },
  };

  it("answers what Postmark's own client understands", async () => {
    const { postmark } = await start({ setUp: { server: { InboundDomain: "wtmm.test" }, webhooks: [events] } });
    const client = new ServerClient("t", { useHttps: false, requestHost: new URL(postmark.url).host });
    expect(await client.getServer()).toMatchObject({ InboundDomain: "wtmm.test", RawEmailEnabled: false });
    expect(await client.getWebhooks({ messageStream: "outbound" })).toEqual({ Webhooks: [events] });
    expect(await client.getWebhooks({ messageStream: "broadcast" })).toEqual({ Webhooks: [] });
  });

  it.each(["/server", "/webhooks", "/email"])("knows no other token than the one it was given: %s", async (path) => {
    const { postmark } = await start({ setUp: { token: "right" } });
    const answers = await Promise.all(
      ["right", "wrong", ""].map(async (token) => {
        const init = { headers: { "X-Postmark-Server-Token": token } };
        return path === "/email"
          ? fetch(postmark.url + path, { ...init, method: "POST", body: JSON.stringify(message) })
          : fetch(postmark.url + path, init);
      }),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 401]);
    expect(await answers[1]?.json()).toEqual({ ErrorCode: 10, Message: expect.any(String) });
  });
});

describe("with faults", () => {
  it.each([
    ["401", { state: "stop" }],
    ["403", { state: "retry" }],
    ["405", { state: "stop" }],
    ["406", { state: "refused", undeliverable: true }],
    ["429", { state: "retry" }],
    ["500", { state: "retry" }],
    ["503", { state: "retry" }],
    ["page", { state: "retry" }],
    ["timeout", { state: "retry" }],
    ["stall", { state: "retry" }],
    ["jane", { state: "sent" }],
    ["toString", { state: "sent" }],
  ])("a recipient %s@ meets its own", async (name, expected) => {
    const { postmark, mailer } = await start({ faults: true }, ["timeout", "stall"].includes(name) ? 100 : 10_000);
    expect(await mailer.send({ ...letter, to: `${name}@example.com` })).toMatchObject(expected);
    expect(postmark.letters()).toHaveLength(expected.state === "sent" ? 1 : 0);
  });

  it("switched off, such a recipient is like any other", async () => {
    const { mailer } = await start();
    expect(await mailer.send({ ...letter, to: "406@example.com" })).toMatchObject({ state: "sent" });
  });
});

const message = { From: "info@wtmm.test", To: "jane@example.com", Subject: "Hi", TextBody: "words" };

async function start(
  settings: Partial<LocalPostmarkSettings> = {},
  timeoutMs = 10_000,
): Promise<{ postmark: LocalPostmark; mailer: Mailer; logged: string[] }> {
  const logged: string[] = [];
  const postmark = await startLocalPostmark({
    domain: "wtmm.test",
    deliver: async () => 200,
    now: () => now,
    log: { warn: (_fields, words) => logged.push(words) },
    ...settings,
  });
  running = postmark;
  const from = '"Who Took My Money" <info@wtmm.test>';
  return { postmark, logged, mailer: openPostmarkMailer({ token: "t", apiUrl: postmark.url, from, timeoutMs }) };
}

function post(
  url: string,
  body: string,
  headers: Record<string, string> = { "X-Postmark-Server-Token": "t" },
): Promise<Response> {
  return fetch(url, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body });
}

function postBatch(url: string, size: number, messageAt: (index: number) => object): Promise<Response> {
  return post(`${url}/email/batch`, JSON.stringify(Array.from({ length: size }, (_, index) => messageAt(index))));
}
