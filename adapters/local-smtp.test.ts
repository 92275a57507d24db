import { once } from "node:events";
import { connect, type Socket } from "node:net";

import { createTransport, type SendMailOptions } from "nodemailer";
import { afterEach, describe, expect, it } from "vitest";

import { startLocalSmtp, type LocalSmtp, type LocalSmtpSettings } from "./local-smtp.ts";

const mail: SendMailOptions = {
  from: "Chase <no.reply.alerts@chase.com>",
  to: "jane@example.com",
  subject: "Your $12.34 transaction",
  html: "<p>CORNER STORE</p>",
  envelope: { from: "jane+caf_=alerts+u7k2m=wtmm.test@example.com", to: "alerts+u7k2m@wtmm.test" },
};

let running: LocalSmtp | null = null;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await running?.close();
  running = null;
});

describe("a mail", () => {
  it("is posted to the webhook as Postmark would post it", async () => {
    const { smtp, delivered } = await start();
    await send(smtp, mail);
    expect(delivered).toEqual([
      expect.objectContaining({
        From: "no.reply.alerts@chase.com",
        To: "jane@example.com",
        OriginalRecipient: "alerts+u7k2m@wtmm.test",
        MailboxHash: "",
        Subject: "Your $12.34 transaction",
        HtmlBody: "<p>CORNER STORE</p>\n",
        Headers: expect.arrayContaining([
          { Name: "Return-Path", Value: "<jane+caf_=alerts+u7k2m=wtmm.test@example.com>" },
          { Name: "X-Spam-Tests", Value: expect.stringContaining("DKIM_VALID_AU") },
        ]),
      }),
    ]);
  });

  it("is posted once for each of its recipients, wherever they are", async () => {
    const { smtp, delivered } = await start();
    const to = ["alerts+a@wtmm.test", "alerts+b@wtmm.test", "someone@example.net"];
    await send(smtp, { ...mail, envelope: { from: "a@example.com", to } });
    expect(delivered.map((payload) => payload["OriginalRecipient"])).toEqual(to);
    expect(new Set(delivered.map((payload) => payload["MessageID"])).size).toBe(3);
  });

  it("from nobody, as bounces are, is taken", async () => {
    const { smtp, delivered } = await start();
    await send(smtp, { ...mail, envelope: { from: "", to: "info@wtmm.test" } });
    expect(delivered[0]?.["Headers"]).toContainEqual({ Name: "Return-Path", Value: "<>" });
  });

  it("of a client that signs in is taken all the same", async () => {
    const { smtp, delivered } = await start();
    await send(smtp, mail, { user: "someone", pass: "anything" });
    expect(delivered).toHaveLength(1);
  });

  it("is not said to be signed when a test wants it so", async () => {
    const { smtp, delivered } = await start({ aligned: false });
    await send(smtp, mail);
    expect(JSON.stringify(delivered)).not.toContain("DKIM_VALID");
  });
});

describe("the sender is told to try again", () => {
  it.each([401, 413, 503, 204])("when the webhook answers %i", async (status) => {
    const { smtp } = await start({ deliver: async () => status });
    await expect(send(smtp, mail)).rejects.toMatchObject({
      responseCode: 451,
      response: `451 Not kept, please try again: the webhook answered ${status}`,
    });
  });

  it("when the webhook takes one recipient's copy and not the next", async () => {
    const statuses = [200, 503];
    const { smtp } = await start({ deliver: async () => statuses.shift() ?? 200 });
    const envelope = { from: "a@example.com", to: ["a@wtmm.test", "b@wtmm.test"] };
    await expect(send(smtp, { ...mail, envelope })).rejects.toMatchObject({ responseCode: 451 });
  });

  it("when the webhook can't be reached, and can on the same server later", async () => {
    let isDown = true;
    const { smtp, logged } = await start({
      deliver: async () => {
        if (isDown) throw new Error("connection refused");
        return 200;
      },
    });
    await expect(send(smtp, mail)).rejects.toMatchObject({ responseCode: 451 });
    expect(logged).toEqual(["A mail that came by SMTP was not kept"]);
    isDown = false;
    await send(smtp, mail);
  });
});

describe("a mail over 35 MB is refused", () => {
  it("when the client announces it", async () => {
    const { smtp } = await start();
    const { replies } = await talk(smtp, "EHLO me", `MAIL FROM:<a@example.com> SIZE=${36 * 1024 * 1024}`);
    expect(replies.at(-1)).toMatch(/^552 /);
  });

  it("when it turns out to be", async () => {
    const { smtp, delivered } = await start();
    const body = `${`${"x".repeat(998)}\r\n`.repeat(36 * 1024)}.`;
    const { replies } = await talk(smtp, "EHLO me", "MAIL FROM:<a@example.com>", "RCPT TO:<b@wtmm.test>", "DATA", body);
    expect(replies.at(-1)).toBe("552 The mail is larger than 36700160 bytes\r\n");
    expect(delivered).toEqual([]);
  });
});

it("says that its port is taken", async () => {
  const { smtp } = await start();
  await expect(start({ port: smtp.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

it("survives a client that hangs up in the middle of a mail", async () => {
  const { smtp, delivered } = await start();
  const begin = ["EHLO me", "MAIL FROM:<a@example.com>", "RCPT TO:<b@wtmm.test>", "DATA"];
  const { socket, replies } = await talk(smtp, ...begin);
  expect(replies.at(-1)).toMatch(/^354 /);
  socket.write("Subject: only a beg");
  socket.resetAndDestroy();
  await send(smtp, mail);
  expect(delivered).toHaveLength(1);
});

async function start(
  settings: Partial<LocalSmtpSettings> = {},
): Promise<{ smtp: LocalSmtp; delivered: Record<string, unknown>[]; logged: string[] }> {
  const delivered: Record<string, unknown>[] = [];
  const logged: string[] = [];
  const smtp = await startLocalSmtp({
    port: 0,
    host: "127.0.0.1",
    domain: "wtmm.test",
    deliver: async (payload) => {
      delivered.push(payload);
      return 200;
    },
    log: { warn: (_fields, words) => logged.push(words) },
    ...settings,
  });
  running ??= smtp;
  return { smtp, delivered, logged };
}

async function send(smtp: LocalSmtp, options: SendMailOptions, auth?: { user: string; pass: string }): Promise<void> {
  const transport = createTransport({
    host: "127.0.0.1",
    port: smtp.port,
    secure: false,
    ...(auth === undefined ? {} : { auth }),
  });
  await transport.sendMail(options);
}

/** Speaks SMTP by hand: waits for each reply before it sends the next line, and returns after the last one's reply. */
async function talk(smtp: LocalSmtp, ...lines: string[]): Promise<{ socket: Socket; replies: string[] }> {
  const socket = connect(smtp.port, "127.0.0.1").setEncoding("utf8");
  sockets.push(socket);
  const replies = [await replyOn(socket)];
  for (const line of lines) {
    socket.write(`${line}\r\n`);
    replies.push(await replyOn(socket));
  }
  return { socket, replies };
}

async function replyOn(socket: Socket): Promise<string> {
  let reply = "";
  while (!/^\d{3} .*\r\n$/m.test(reply)) reply += String((await once(socket, "data"))[0]);
  return reply;
}
