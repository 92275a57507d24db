import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { Models } from "postmark";
import { describe, expect, it, onTestFinished } from "vitest";

import { SERVICE, serviceConfig } from "../../test/service-config.ts";
import type { PostmarkSetUp } from "../local-postmark-server.ts";
import { startLocalPostmark } from "../local-postmark.ts";
import { checkPostmark } from "./check-postmark.ts";

const stop = new AbortController().signal;
const [USER = "", PASSWORD = ""] = SERVICE.WEBHOOK_CREDENTIALS.split(":");
const HOST = "wtmm.example.com";

const server: Partial<Models.Server> = {
  Name: "WTMM",
  RawEmailEnabled: true,
  InboundDomain: HOST,
  InboundHookUrl: `https://${USER}:${PASSWORD}@${HOST}/webhook/inbound`,
};
const events: Models.Webhook = {
  ID: 7,
  Url: `https://${HOST}/webhook/events`,
  HttpAuth: { Username: USER, Password: PASSWORD },
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

async function found(setUp: PostmarkSetUp, env: Record<string, string> = {}) {
  const postmark = await startLocalPostmark({
    domain: HOST,
    deliver: async () => 200,
    now: () => Temporal.Now.instant(),
    log: { warn: () => {} },
    setUp: { token: SERVICE.POSTMARK_SERVER_TOKEN, ...setUp },
  });
  onTestFinished(() => postmark.close());
  return checkPostmark().look(serviceConfig({ POSTMARK_API_URL: postmark.url, ...env }), stop);
}

const faults = async (setUp: PostmarkSetUp, env?: Record<string, string>) =>
  (await found(setUp, env)).filter(({ state }) => state !== "green");

describe("Postmark", () => {
  it("is set up as we need it", async () => {
    const findings = await found({ server, webhooks: [events] });
    expect(findings.map(({ check, state, says }) => `${check} ${state}: ${says}`)).toEqual([
      "clock green: The clock goes like Postmark's.",
      'Postmark green: The token is that of the server "WTMM".',
      "Postmark green: It posts mails to https://wtmm.example.com/webhook/inbound, as we let in.",
      "Postmark green: It takes mail for wtmm.example.com.",
      "Postmark green: It hands over mails in their raw form.",
      "Postmark green: It tells us at https://wtmm.example.com/webhook/events of letters that did not arrive.",
    ]);
  });

  it("as it is when a server was just made lacks all of it", async () => {
    const says = (await faults({})).map(({ state, says: words }) => `${state}: ${words}`);
    expect(says).toEqual([
      "red: It posts mails nowhere.",
      "red: It takes mail for no domain, not for wtmm.example.com.",
      expect.stringMatching(/^red: It hands over mails without their raw form/),
      "yellow: It does not tell us of letters that did not arrive.",
    ]);
  });

  it("does not know a wrong token", async () => {
    const env = { POSTMARK_SERVER_TOKEN: "another-token" };
    expect(await faults({ server }, env)).toMatchObject([
      {
        state: "red",
        says: "Postmark does not know the token: no letter leaves.",
        fix: expect.stringContaining("API Tokens"),
      },
    ]);
  });

  it.each([
    ["https://other.example.com/webhook/inbound", "to https://other.example.com/webhook/inbound, not to"],
    [`https://${HOST}/webhook/events?key=very-secret`, `to https://${HOST}/webhook/events, not to`],
    [`http://${HOST}/webhook/inbound`, `to http://${HOST}/webhook/inbound, not to`],
    ["nonsense", "to what is no address, not to"],
    [`https://${HOST}/webhook/inbound`, "a user and a password that we don't let in"],
    [`https://${USER}:very-secret@${HOST}/webhook/inbound`, "a user and a password that we don't let in"],
  ])("posts mails to the wrong place: %s", async (InboundHookUrl, says) => {
    const [finding] = await faults({ server: { ...server, InboundHookUrl }, webhooks: [events] });
    expect(finding).toMatchObject({ state: "red", says: expect.stringContaining(says) });
    expect(finding?.fix).toContain("Webhook: https://USER:PASSWORD@wtmm.example.com/webhook/inbound\n");
    expect(finding?.fix).toContain("sudo cat /etc/wtmm/credentials/WEBHOOK_CREDENTIALS");
    expect(JSON.stringify(finding)).not.toMatch(new RegExp(`very-secret|${PASSWORD}`));
  });

  it("may post with any of our credentials, with signs that have to be written otherwise in an address", async () => {
    const hook = `https://new:p%40ss%2Fword@${HOST}/webhook/inbound`;
    const env = { WEBHOOK_CREDENTIALS: `${SERVICE.WEBHOOK_CREDENTIALS} new:p@ss/word` };
    expect(await faults({ server: { ...server, InboundHookUrl: hook }, webhooks: [events] }, env)).toEqual([]);
  });

  it("that is a sandbox sends nothing", async () => {
    const DeliveryType = Models.ServerDeliveryTypes.Sandbox;
    expect(await faults({ server: { ...server, DeliveryType }, webhooks: [events] })).toMatchObject([
      { state: "red", says: "It is a sandbox: no letter reaches anybody." },
    ]);
  });

  it.each([
    [{ ...events, Url: `https://${HOST}/elsewhere` }, "It does not tell us of letters that did not arrive."],
    [{ ...events, MessageStream: "broadcast" }, "It does not tell us of letters that did not arrive."],
    [
      { ...events, Triggers: { ...events.Triggers, Bounce: { Enabled: false } } },
      "It does not tell us of every event: Bounce.",
    ],
    [
      { ...events, HttpAuth: { Username: USER, Password: "very-secret" } },
      "It tells us of letters with a user and a password that we don't let in.",
    ],
  ])("tells us too little of letters: %j", async (webhook, says) => {
    const findings = await faults({ server, webhooks: [webhook] });
    expect(findings).toMatchObject([{ state: "yellow", says }]);
    expect(JSON.stringify(findings)).not.toContain("very-secret");
  });

  it("may tell us of letters with what stands in the address", async () => {
    const { HttpAuth: _none, ...rest } = events;
    const Url = `https://${USER}:${PASSWORD}@${HOST}/webhook/events`;
    expect(await faults({ server, webhooks: [{ ...rest, Url }] })).toEqual([]);
  });
});

describe("something else in the place of Postmark", () => {
  const answering = async (status: number, body: string, headers: Record<string, string> = {}) => {
    const elsewhere = createServer((_request, response) => response.writeHead(status, headers).end(body));
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void elsewhere.close());
    const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    return checkPostmark().look(serviceConfig({ POSTMARK_API_URL: url }), stop);
  };

  it.each([
    [200, "<html>Welcome to this network</html>", "Postmark answered 200, and not in its own form."],
    [503, '{"ErrorCode":100,"Message":"Maintenance"}', "Postmark answered 503: Maintenance."],
  ])("that answers %d is red", async (status, body, says) => {
    expect((await answering(status, body)).at(-1)).toMatchObject({ state: "red", says });
  });

  it("is given no token by a redirect", async () => {
    const given: unknown[] = [];
    const thief = createServer((request, response) => {
      given.push(request.headers["x-postmark-server-token"]);
      response.end();
    });
    await new Promise<void>((resolve) => thief.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void thief.close());
    const location = `http://127.0.0.1:${(thief.address() as AddressInfo).port}/`;
    expect((await answering(307, "", { location })).at(-1)).toMatchObject({ state: "red" });
    expect(given).toEqual([]);
  });

  it("that is not there is red, and says so", async () => {
    const nobody = createServer();
    await new Promise<void>((resolve) => nobody.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(nobody.address() as AddressInfo).port}`;
    await new Promise((resolve) => nobody.close(resolve));
    const [finding] = await checkPostmark().look(serviceConfig({ POSTMARK_API_URL: url }), stop);
    expect(finding).toMatchObject({ state: "red", says: expect.stringContaining(`${url} does not answer: `) });
  });
});
