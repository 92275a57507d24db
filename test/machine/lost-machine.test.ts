import { randomUUID } from "node:crypto";
import { request } from "node:https";
import { setTimeout as pause } from "node:timers/promises";

import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startPostmarkArchive, type PostmarkArchive } from "../postmark-archive.ts";
import { alertMails } from "../torture/alert-mail.ts";
import { provisionedMachine, type Deployed } from "./deployed.ts";
import { provesDrills } from "./drill-suite.ts";
import { dumpsInto } from "./dump-settings.ts";
import type { LoadTarget } from "./load.ts";
import { loadTargetOf, query } from "./people.ts";
import { openReleases, type Releases } from "./releases.ts";
import { provesRestores } from "./restore-suite.ts";
import { startStorage, type Storage } from "./storage.ts";
import { onTerminal } from "./terminal.ts";

// In the gate a little; at length as much as a service of years has, and Postmark as much as it has after an outage.
const isTorture = process.env["LOST_MACHINE_TORTURE"] !== undefined;
const [FILLER_BYTES, MAILS_PER_SECOND, SECONDS, UNDELIVERED] = isTorture
  ? [1_000_000_000, 40, 60, 1_000]
  : [0, 10, 25, 20];
/** Postmark has forgotten what is older: then the journal alone has it. */
const POSTMARK_KEEPS_MS = 15_000;
/** What people changed in the last moments may be lost. */
const EDITS_MAY_LOSE_MS = 10_000;
/** How long people may be without the service. */
const BACK_MS = 5 * 60_000;

type Edit = { readonly purchase: string; readonly merchant: string; readonly at: number };

describe("a machine whose dumps are all that is left of it", () => {
  let storage: Storage;
  let releases: Releases;
  let archive: PostmarkArchive;
  let identity: string;
  let release: string;
  let settings: Readonly<Record<string, unknown>>;
  /** The machine that there is. */
  let deployed: Deployed;

  beforeAll(async () => {
    storage = await startStorage();
    identity = await generateX25519Identity();
    releases = await openReleases();
    release = await releases.make("1.0.0");
    archive = await startPostmarkArchive({
      host: "10.213.0.1",
      now: () => Temporal.Now.instant(),
      post: async (body) =>
        (await ask(deployed, "/webhook/inbound", { credential: await credentialOf(deployed) }, JSON.stringify(body)))
          .status,
    });
    settings = {
      ...(await dumpsInto(storage, await identityToRecipient(identity))),
      postmark_server_token: archive.settings.token,
      wtmm_more_settings: { POSTMARK_API_URL: archive.url, ACCOUNT_MAILS_PER_DAY: 1_000_000 },
    };
    deployed = await serving();
  });
  afterAll(async () => {
    await deployed?.remove();
    await archive?.close();
    await releases?.remove();
    await storage?.remove();
  });

  /** A machine from nothing, on which the release serves; always of the same name, as the domain is. */
  async function serving(): Promise<Deployed> {
    const machine = await provisionedMachine("lost", "bookworm", settings);
    const play = await machine.deploy(release);
    if (play.code !== 0) throw new Error(play.output);
    return machine;
  }

  describe("before that is so, word by word as docs/operations.md says", () => {
    provesRestores(() => ({ storage, deployed, identity }));
  });

  describe("every night", () => {
    provesDrills(() => deployed);
  });

  it("comes back with every mail that it acknowledged, and every change but the last", async () => {
    const target = await loadTargetOf(deployed);
    const people = await peopleOf(deployed, target);
    if (FILLER_BYTES > 0) await fill(deployed, FILLER_BYTES);
    const life = live(deployed, people, archive);
    await pause(3_000);
    await deployed.machine.console("systemctl start wtmm-dump.service");
    await pause(SECONDS * 1_000);
    await deployed.machine.remove();
    const lostAt = performance.now();
    const { acknowledged, edits } = await life.end();
    const forgotten = Temporal.Now.instant().subtract({ milliseconds: POSTMARK_KEEPS_MS });
    archive.mails.splice(
      0,
      archive.mails.length,
      ...archive.mails.filter(({ receivedAt }) => Temporal.Instant.compare(receivedAt, forgotten) > 0),
    );
    const undelivered = comeToNobody(people, archive);

    deployed = await serving();
    const provisionedMs = performance.now() - lostAt;
    await deployed.machine.console(`systemctl stop wtmm.socket wtmm.service
      mkdir -p /var/lib/wtmm/before && mv /var/lib/wtmm/wtmm.db* /var/lib/wtmm/before/`);
    const restored = await onTerminal(
      deployed,
      "wtmm restore latest --to /var/lib/wtmm",
      /The dumps' key .*: /,
      identity,
    );
    expect(restored).toEqual({ code: 0, output: expect.stringContaining("wtmm.db is in place") });
    await deployed.machine.console("systemctl start wtmm.socket wtmm.service");
    const backMs = performance.now() - lostAt;
    const recovered = await deployed.machine.login("admin", deployed.keys.admin, "wtmm recover");
    const wholeMs = performance.now() - lostAt;
    process.stdout.write(`${restored.output}\n${recovered.output}\n`);

    const kept = await query(deployed, "SELECT id FROM mails");
    const old = edits.filter(({ at }) => lostAt - at > EDITS_MAY_LOSE_MS);
    const merchants = new Set(await query(deployed, "SELECT purchase_id || ' ' || merchant FROM amendments"));
    const lost = {
      mails: [...acknowledged, ...undelivered].filter((id) => kept.filter((each) => each === id).length !== 1),
      edits: old.filter(({ purchase, merchant }) => !merchants.has(`${purchase} ${merchant}`)),
    };
    process.stdout.write(
      `${acknowledged.length} mails acknowledged, ${undelivered.length} come while there was no machine, and ${edits.length} changes made; lost ${lost.mails.length} and ${lost.edits.length} of those older than 10 s ` +
        `(${edits.filter(({ purchase, merchant }) => !merchants.has(`${purchase} ${merchant}`)).length} of all). ` +
        `Provisioned and deployed after ${seconds(provisionedMs)}, in service after ${seconds(backMs)}, whole after ${seconds(wholeMs)}.\n`,
    );
    expect(lost).toEqual({ mails: [], edits: [] });
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(old.length).toBeGreaterThan(5);
    expect(recovered.code).toBe(0);
    expect(wholeMs).toBeLessThanOrEqual(BACK_MS);
  }, 900_000);
});

type Person = { readonly cookie: string; readonly address: string };

/** Those who are signed in, with their alert addresses. */
async function peopleOf(deployed: Deployed, { cookies }: LoadTarget): Promise<Person[]> {
  return Promise.all(
    cookies.map(async (cookie, index) => {
      const [token = ""] = await query(
        deployed,
        `SELECT token FROM alert_addresses WHERE account_id = 'person${index + 1}'`,
      );
      return { cookie, address: `alerts+${token}@${deployed.host}` };
    }),
  );
}

/** Mails arrive and people change purchases, until the end. What was acknowledged is written down with its time. */
function live(deployed: Deployed, people: readonly Person[], archive: PostmarkArchive) {
  const acknowledged: string[] = [];
  const edits: Edit[] = [];
  const makeMail = alertMails(people.map(({ address }) => address));
  let isOn = true;

  async function sendMails(credential: string): Promise<void> {
    const open: Promise<void>[] = [];
    for (let number = 0; isOn; number += 1) {
      const id = randomUUID();
      const body = makeMail(id, number).toString();
      const webhook = JSON.parse(body) as Record<string, unknown>;
      archive.mails.push({ id, receivedAt: Temporal.Now.instant(), status: "processed", webhook, details: webhook });
      open.push(
        ask(deployed, "/webhook/inbound", { credential }, body).then(({ status }) => {
          if (status === 200) acknowledged.push(id);
        }),
      );
      await pause(1_000 / MAILS_PER_SECOND);
    }
    await Promise.all(open);
  }

  async function changePurchases(): Promise<void> {
    for (let number = 0; isOn; number += 1) {
      const { cookie } = people[number % people.length] ?? { cookie: "" };
      const { text } = await ask(deployed, "/purchases", { cookie });
      const [purchase] = /\/purchases\/[\w-]+/.exec(text) ?? [];
      if (purchase !== undefined) {
        const page = await ask(deployed, purchase, { cookie });
        const amount = /name="amount"\s+value="([^"]*)"/.exec(page.text)?.[1] ?? "";
        const merchant = `Renamed ${number}`;
        const form = new URLSearchParams({ action: "save", merchant, amount });
        const { status } = await ask(deployed, purchase, { cookie }, form.toString());
        if (status === 303)
          edits.push({ purchase: purchase.slice("/purchases/".length), merchant, at: performance.now() });
      }
      await pause(500);
    }
  }

  const living = credentialOf(deployed).then((credential) => Promise.all([sendMails(credential), changePurchases()]));
  return {
    async end() {
      isOn = false;
      await living;
      return { acknowledged, edits };
    },
  };
}

/** Mails that come while there is no machine: Postmark alone has them. Their ids. */
function comeToNobody(people: readonly Person[], archive: PostmarkArchive): string[] {
  const makeMail = alertMails(people.map(({ address }) => address));
  return Array.from({ length: UNDELIVERED }, (_none, number) => {
    const id = randomUUID();
    const webhook = JSON.parse(makeMail(id, number).toString()) as Record<string, unknown>;
    archive.mails.push({ id, receivedAt: Temporal.Now.instant(), status: "failed", webhook, details: webhook });
    return id;
  });
}

/** Asks the machine, which may be gone; `status` is 0 then. A body makes it a POST: JSON for the webhook, else a form. */
function ask(
  { machine, host, authority: ca }: Deployed,
  path: string,
  { credential, cookie }: { readonly credential?: string; readonly cookie?: string },
  body?: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const type = path.startsWith("/webhook/") ? "application/json" : "application/x-www-form-urlencoded";
  const headers = {
    host,
    ...(cookie === undefined ? {} : { cookie }),
    ...(body === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(body) }),
  };
  const options = {
    host: machine.address,
    servername: host,
    ca,
    path,
    headers,
    agent: false,
    method: body === undefined ? "GET" : "POST",
  };
  return new Promise((resolve) => {
    const gone = () => resolve({ status: 0, text: "" });
    const signal = AbortSignal.timeout(10_000);
    const asked = request(
      { ...options, ...(credential === undefined ? {} : { auth: credential }), signal },
      (response) => {
        response
          .toArray()
          .then(
            (chunks: Buffer[]) => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
            gone,
          );
      },
    );
    asked.on("error", gone);
    asked.end(body);
  });
}

/** Makes the database as large as one of years. */
async function fill(deployed: Deployed, bytes: number): Promise<void> {
  await deployed.machine.console("systemctl stop wtmm.socket wtmm.service");
  await deployed.machine.console(`runuser -u wtmm -- python3 - <<'END'
import os, sqlite3
db = sqlite3.connect("/var/lib/wtmm/wtmm.db")
# Of somebody, and not old: nobody's mails are forgotten.
for n in range(${Math.round(bytes / 20_000)}):
    db.execute("INSERT INTO mails (id, account_id, route, recipient, received_at, payload_sha256, state, outcome) VALUES (?, 'person2000', 'alert', '', ?, x'00', 'done', 'not_a_purchase')", (f"filler-{n}", ${Temporal.Now.instant().epochMilliseconds}))
    db.execute("INSERT INTO mail_payloads VALUES ((SELECT number FROM mails WHERE id = ?), ?)", (f"filler-{n}", os.urandom(20000)))
db.execute("DELETE FROM journal")
db.commit()
END`);
  await deployed.machine.console("systemctl start wtmm.socket wtmm.service");
}

async function credentialOf({ machine }: Deployed): Promise<string> {
  return (await machine.console("cat /etc/wtmm/credentials/WEBHOOK_CREDENTIALS")).trim();
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
