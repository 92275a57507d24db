import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setImmediate as turn, setTimeout as pause } from "node:timers/promises";

import { beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { seededRandom } from "../adversarial/seeded-random.ts";
import { buildProgram } from "../program.ts";
import { ALL_WELL, closeBooks } from "./close-books.ts";
import { makeHome } from "./home.ts";
import { openLedger, type Transport } from "./ledger.ts";
import { scaled, SEED } from "./scale.ts";
import { AUTHORIZATION, startService } from "./service.ts";

const BROKEN = scaled(40, 1_000);
const HELD = scaled(100, 1_000);
const MB = 1024 * 1024;
// What the service gives a request, and how seldom it looks.
const CUT_AFTER_MS = 120_000 + 30_000 + 10_000;

const random = seededRandom(SEED);

beforeAll(buildProgram);

describe("a sender with a bad connection", () => {
  it("leaves nothing of a mail that it did not finish, and holds up nobody", async () => {
    const { dataDir, alertAddress } = makeHome();
    const ledger = openLedger(alertAddress, random);
    const service = await startService(dataDir);
    const held = await Promise.all(Array.from({ length: HELD }, () => openSocket(service.url)));
    for (const socket of held) socket.write(`${head(`content-length: ${MB}`)}{`);
    const broken = Promise.all(Array.from({ length: BROKEN }, () => ledger.send(service.url, { transport: breakOff })));
    expect(new Set(await ledger.sendMany(100, service.url))).toEqual(new Set(["acknowledged"]));
    await broken;
    for (const socket of held) socket.destroy();
    expect(ledger.audit(dataDir).stored).toBe(100);
    expect(await closeBooks("broken connections", ledger, service, dataDir)).toEqual(ALL_WELL);
  });

  it("is heard to its end though it sends one byte at a time", async () => {
    const { dataDir, alertAddress } = makeHome();
    const ledger = openLedger(alertAddress, random);
    const service = await startService(dataDir);
    const slow = Promise.all(Array.from({ length: 5 }, () => ledger.send(service.url, { transport: byteByByte })));
    expect(new Set(await ledger.sendMany(50, service.url))).toEqual(new Set(["acknowledged"]));
    expect(new Set(await slow)).toEqual(new Set(["acknowledged"]));
    expect(await closeBooks("one byte at a time", ledger, service, dataDir)).toEqual(ALL_WELL);
  });

  it("is cut off when its mail never ends", async () => {
    const { dataDir, alertAddress } = makeHome();
    const ledger = openLedger(alertAddress, random);
    const service = await startService(dataDir, { env: { WEBHOOK_MAX_BYTES: String(MB) } });
    const socket = await openSocket(service.url);
    const answer = statusOn(socket);
    socket.write(head("transfer-encoding: chunked"));
    let isOpen = true;
    socket.once("close", () => (isOpen = false));
    const endless = async (): Promise<void> => {
      const chunk = `10000\r\n${" ".repeat(0x10000)}\r\n`;
      for (; isOpen; await turn()) if (!socket.writableNeedDrain) socket.write(chunk);
    };
    const [status] = await Promise.all([answer, endless(), ledger.sendMany(50, service.url)]);
    // Who still writes may meet the end of the connection before the answer.
    expect([413, null]).toContain(status);
    expect(await closeBooks("an endless mail", ledger, service, dataDir)).toEqual(ALL_WELL);
  });

  it.each(scaled([], [1_000]))("is cut off when it sends a byte every %i ms", { timeout: 300_000 }, async (everyMs) => {
    const { dataDir, alertAddress } = makeHome();
    const ledger = openLedger(alertAddress, random);
    const service = await startService(dataDir);
    const socket = await openSocket(service.url);
    let isOpen = true;
    socket.once("close", () => (isOpen = false));
    socket.write(head(`content-length: ${MB}`));
    const began = performance.now();
    for (; isOpen && performance.now() - began < CUT_AFTER_MS; await pause(everyMs)) socket.write(" ");
    expect(isOpen).toBe(false);
    expect(await closeBooks("an endlessly slow mail", ledger, service, dataDir)).toEqual(ALL_WELL);
  });
});

/** Goes away somewhere in the middle, as a phone or as a process that dies. */
async function breakOff(url: string, body: Buffer): Promise<null> {
  const socket = await openSocket(url);
  const request = requestOf(body);
  socket.write(request.subarray(0, random.whole(0, request.length - 1)));
  await pause(random.between(0, 50));
  if (random.chance(0.5)) socket.destroy();
  else socket.resetAndDestroy();
  return null;
}

const byteByByte: Transport = async (url, body) => {
  const socket = await openSocket(url);
  const answer = statusOn(socket);
  for (const byte of requestOf(body)) {
    socket.write(Uint8Array.of(byte));
    await turn();
  }
  const status = await answer;
  socket.destroy();
  return status;
};

async function openSocket(url: string): Promise<Socket> {
  const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1", noDelay: true });
  socket.on("error", () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** The status of the answer that comes on a socket; null when it is closed without one. */
function statusOn(socket: Socket): Promise<number | null> {
  return new Promise((resolve) => {
    socket.once("data", (answer) => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer.toString("latin1"))?.[1] ?? 0)));
    socket.once("close", () => resolve(null));
  });
}

function requestOf(body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(head(`content-length: ${body.length}`)), body]);
}

function head(framing: string): string {
  return [
    "POST /webhook/inbound HTTP/1.1",
    "host: localhost",
    "content-type: application/json",
    `authorization: ${AUTHORIZATION}`,
    framing,
    "\r\n",
  ].join("\r\n");
}
