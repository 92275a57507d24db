import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { startPostmarkArchive, type PostmarkArchive } from "../test/postmark-archive.ts";
import { dataFolder } from "../test/program.ts";
import { SERVICE, serviceConfig } from "../test/service-config.ts";
import { callControl } from "./control-socket.ts";
import { recoverCommand } from "./recover-command.ts";
import { markForRecovery } from "./recovery-mark.ts";
import { startService, type Service } from "./service.ts";
import { withApp } from "./with-app.ts";
import { runOperatorCommand } from "./operator.ts";

const HOUR = { hours: 1 };

let data: ReturnType<typeof dataFolder>;
let postmark: PostmarkArchive;
let service: Service | null;

beforeEach(async () => {
  data = dataFolder();
  service = null;
  postmark = await startPostmarkArchive({ now: () => Temporal.Now.instant(), post });
});
afterEach(async () => {
  await service?.stop();
  await postmark.close();
  data.remove();
});

/** As Postmark posts it: over the net. */
async function post(body: Record<string, unknown>): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${service?.port}/webhook/inbound`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(SERVICE.WEBHOOK_CREDENTIALS).toString("base64")}` },
    body: JSON.stringify(body),
  });
  return response.status;
}

function config() {
  return serviceConfig({
    DATA_DIR: data.path,
    PORT: "0",
    LOG_LEVEL: "silent",
    POSTMARK_SERVER_TOKEN: postmark.settings.token,
    POSTMARK_API_URL: postmark.url,
  });
}

/** Postmark took them in the last hour. */
function stored(count: number): void {
  for (let nth = 0; nth < count; nth += 1) {
    const payload = mailTo("alerts+nobody@wtmm.example.com", CHASE, { MessageID: randomUUID() });
    const receivedAt = Temporal.Now.instant().subtract({ minutes: nth });
    const id = String(payload["MessageID"]);
    postmark.mails.push({ id, receivedAt, status: "processed", webhook: payload, details: payload });
  }
}

const warning = async () => {
  const response = await fetch(`http://127.0.0.1:${service?.port}/health`);
  const { warnings } = (await response.json()) as { warnings: { recovery: unknown } };
  return warnings.recovery;
};

describe("a service that starts on a restored folder", () => {
  it("recovers by itself, warns meanwhile, and takes the mark away", async () => {
    stored(3);
    markForRecovery(data.path, Temporal.Now.instant());
    const held = Promise.withResolvers<void>();
    postmark.faults.push("silence");
    postmark.on.search = () => held.resolve();
    service = await startService(config());
    expect(await warning()).toMatchObject({ reason: expect.stringMatching(/^Missing mails are being brought back/) });
    await service.stop();
    expect(existsSync(join(data.path, "recover-since.json"))).toBe(true);
    service = await startService(config());
    await held.promise;
    await vi.waitFor(() => expect(existsSync(join(data.path, "recover-since.json"))).toBe(false), 20_000);
    expect(await service.app.store.keptAmong(postmark.mails.map(({ id }) => id))).toHaveLength(3);
    await vi.waitFor(async () => expect(await warning()).toEqual({ missing: 0, reason: null }), 5_000);
  });
});

describe("wtmm recover", () => {
  const socket = () => join(data.path, "control.sock");
  const said: string[] = [];
  const terminal = { say: (line: string) => void said.push(line), progress: () => {} };
  const asked = { since: Temporal.Now.instant().subtract(HOUR), isCheck: false };
  beforeEach(() => void (said.length = 0));

  it("has the running service do it, and the next run finds all there", async () => {
    stored(4);
    service = await startService(config());
    const call = async (command: string, body: unknown) => {
      const called = await callControl(socket(), command, body);
      return called.running ? called.result : null;
    };
    expect(await recoverCommand(asked, call, true, terminal)).toBe(true);
    expect(await recoverCommand(asked, call, true, terminal)).toBe(true);
    expect(said).toEqual([
      expect.stringMatching(/^4 mails since \S+, 4 accounted for: 0 were here, 4 came again, 0 were taken/),
      expect.stringMatching(/^4 mails since \S+, 4 accounted for: 4 were here, 0 came again, 0 were taken/),
    ]);
  });

  it("only counts while no service runs", async () => {
    stored(2);
    const isWell = await withApp(config(), (app) =>
      recoverCommand(asked, (command, body) => runOperatorCommand(command, body, app), false, terminal),
    );
    expect(isWell).toBe(false);
    expect(said.at(-2)).toMatch(/^2 mails since \S+: 0 are here, 2 are missing\.$/);
    expect(said.at(-1)).toMatch(/^Start the service/);
    expect(postmark.requests.some((line) => line.startsWith("PUT"))).toBe(false);
  });
});
