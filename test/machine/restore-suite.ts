import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { armor, Encrypter } from "age-encryption";
import { expect, it } from "vitest";

import { openBucket } from "../../adapters/s3.ts";
import type { Deployed } from "./deployed.ts";
import { query } from "./people.ts";
import type { Storage } from "./storage.ts";
import { onTerminal } from "./terminal.ts";

const ROOT = join(import.meta.dirname, "../..");
const MAIL = join(ROOT, "parsers/chase/fixtures/card-2018.mail.json");
const PASSPHRASE = "correct horse battery staple";
const KEY_QUESTION = /The dumps' key \(.*\): /;
const PASSPHRASE_QUESTION = /The passphrase of .*: /;

/** The commands of the page's section, in its order; those that stand by themselves on a line. */
const page = readFileSync(join(ROOT, "docs/operations.md"), "utf8");
const section = page.slice(page.indexOf("## Losing the machine: restore")).split("\n### ")[0] ?? "";
const commands = [...section.matchAll(/^ {7}(\S.*)$/gm)].map(([, command = ""]) => command);
const [make, stop, moveAway, ...others] = commands;
const [bring, putBack, list, restore, start, look, dumpAgain, fromFile, ...more] = others;
const SECRETS = ["WEBHOOK_CREDENTIALS", "LINK_KEYS"];

/** What the suite is about: a machine that dumps into a bucket, and what opens its dumps. */
export type RestoreWorld = { readonly storage: Storage; readonly deployed: Deployed; readonly identity: string };

/** Restores on a machine, word by word as docs/operations.md says. */
export function provesRestores(world: () => RestoreWorld): void {
  let mails: readonly string[];

  /** As the administrator, logged in without a terminal. */
  const asAdmin = async (command = "exit 1"): Promise<string> => {
    const { code, output } = await world().deployed.machine.login("admin", world().deployed.keys.admin, command);
    if (code !== 0) throw new Error(`${command}: ${output}`);
    return output;
  };
  const mailsThere = () => query(world().deployed, "SELECT id FROM mails ORDER BY number");

  it("is all that the page says about it", () => {
    expect(make).toBe("bin/provision && bin/deploy");
    expect(more).toEqual([]);
    expect(bring).toBe(`scp ${SECRETS.join(" ")} admin@203.0.113.10:`);
    expect(fromFile).toContain("NAME.db.zst.age");
  });

  it("finds a dump that the timer's unit made", async () => {
    for (const id of ["one", "two", "three"]) await arrives(world().deployed, id);
    mails = await mailsThere();
    expect(mails).toHaveLength(3);
    expect(
      await world().deployed.machine.console("systemctl is-enabled wtmm-dump.timer; systemctl start wtmm-dump.service"),
    ).toBe("enabled");
    expect(await asAdmin(list)).toMatch(/ 3 .* monthly\//);
  });

  it("is refused while the service runs", async () => {
    const { code, output } = await onTerminal(world().deployed, restore ?? "", KEY_QUESTION, world().identity);
    expect(code).toBe(1);
    expect(output).toContain("Stop it first (systemctl stop wtmm.socket wtmm.service)");
  });

  it("brings everything back, with a key that is typed and shown nowhere", async () => {
    await asAdmin(stop);
    expect(await asAdmin(moveAway)).toContain("wtmm.db");
    await secretsComeBack();
    expect(await asAdmin(list)).toMatch(/ 3 .* monthly\//);
    const { code, output } = await onTerminal(world().deployed, restore ?? "", KEY_QUESTION, world().identity);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("/var/lib/wtmm/wtmm.db is in place") });
    expect(output).not.toContain(world().identity);
    expect(output).not.toMatch(/^red/m);
    await servesAgain();
  });

  it("brings it back from a file, with a key that lies on no disk unsealed", async () => {
    const folder = "/home/admin";
    const name = await copyDump(world().deployed, world().storage, folder);
    await world().deployed.machine.login("admin", world().deployed.keys.admin, "cat >dumps.key.age", {
      input: await sealed(world().identity),
    });
    await asAdmin(stop);
    await asAdmin(moveAway);
    const command = (fromFile ?? "").replace("NAME", name);
    const { code, output } = await onTerminal(world().deployed, command, PASSPHRASE_QUESTION, PASSPHRASE);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("/var/lib/wtmm/wtmm.db is in place") });
    expect(
      await world().deployed.machine.console(
        `grep -rlF ${world().identity} /home /opt/wtmm /var /etc /tmp 2>&- || true`,
      ),
    ).toBe("");
    expect(await world().deployed.machine.console("ls -A /opt/wtmm | grep command || true")).toBe("");
    await servesAgain();
  });

  /** From a copy, in the place of those that a new machine made. */
  async function secretsComeBack(): Promise<void> {
    const { machine, keys } = world().deployed;
    const folder = "/etc/wtmm/credentials";
    const copies = await Promise.all(SECRETS.map((name) => machine.console(`cat ${folder}/${name}`)));
    for (const [index, name] of SECRETS.entries()) {
      await machine.login("admin", keys.admin, `cat >${name}`, { input: `${copies[index]}\n` });
      await machine.console(`echo another:one >${folder}/${name}`);
    }
    await asAdmin(putBack);
    expect(await Promise.all(SECRETS.map((name) => machine.console(`cat ${folder}/${name}`)))).toEqual(copies);
    expect(await machine.console(`stat --format='%U:%G %a' ${folder}/*`)).toMatch(/^(root:root 600\n?)+$/);
    expect(await asAdmin("ls")).toBe("");
  }

  async function servesAgain(): Promise<void> {
    await asAdmin(start);
    expect(await mailsThere()).toEqual(mails);
    await expect.poll(() => world().deployed.serving(), { timeout: 10_000 }).toBe("1.0.0");
    // Nothing outside answers here: what it finds there is red.
    const { output } = await world().deployed.machine.login("admin", world().deployed.keys.admin, look ?? "");
    expect(output).toMatch(/^green +database +It is whole\./m);
    expect(output).toMatch(/^green +dumps +It lets our key delete nothing\./m);
    const { machine } = world().deployed;
    expect(await machine.console("systemctl is-active wtmm-dump.timer")).toBe("active");
    await asAdmin(dumpAgain);
    await machine.console("while [ $(systemctl is-active wtmm-drill.service) = activating ]; do sleep 0.2; done");
    expect(await machine.console("systemctl is-failed wtmm-drill.service || true")).toBe("inactive");
  }
}

/** A mail, as Postmark brings it. */
async function arrives({ machine }: Deployed, id: string): Promise<void> {
  const mail = readFileSync(MAIL, "utf8").replace(/"MessageID": "[^"]*"/, `"MessageID": "${id}"`);
  const status = await machine.console(`curl --silent --output /dev/null --write-out '%{http_code}' \\
    --user "$(cat /etc/wtmm/credentials/WEBHOOK_CREDENTIALS)" --header 'content-type: application/json' \\
    --data-binary @- http://127.0.0.1:8080/webhook/inbound <<'END OF MAIL'\n${mail}\nEND OF MAIL`);
  expect(status).toBe("200");
}

/** Puts the daily dump and its manifest into a folder of the administrator's; its name. */
async function copyDump({ machine, keys }: Deployed, storage: Storage, folder: string): Promise<string> {
  const bucket = await openBucket(storage.settings("machine"));
  const files = await bucket.list("daily/");
  for (const { key } of files) {
    const input = Buffer.from(await bucket.get(key)).toString("base64");
    await machine.login("admin", keys.admin, `base64 -d >${folder}/${basename(key)}`, { input });
  }
  bucket.close();
  return basename(files.find(({ key }) => key.endsWith(".json"))?.key ?? "", ".json");
}

/** A key as `age --passphrase --armor` keeps it. */
async function sealed(identity: string): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(PASSPHRASE);
  encrypter.setScryptWorkFactor(10);
  return armor.encode(await encrypter.encrypt(`${identity}\n`));
}
