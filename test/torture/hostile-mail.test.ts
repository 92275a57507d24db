import { beforeAll, expect, it } from "vitest";

import { seededRandom } from "../adversarial/seeded-random.ts";
import { buildProgram } from "../program.ts";
import { alertMails } from "./alert-mail.ts";
import { ALL_WELL, closeBooks } from "./close-books.ts";
import { makeHome } from "./home.ts";
import { interpreted } from "./kept-mails.ts";
import { openLedger } from "./ledger.ts";
import { scaled, SEED } from "./scale.ts";
import { slowestAnswer, startService } from "./service.ts";

const MB = 1024 * 1024;
const TAGS = 100_000;
const STALLED_MS = 1_500;

type Changes = Readonly<Record<string, unknown>>;

/** Mails made to bring their reader down. A parser that throws or never ends is in adapters/mail-reader.test.ts. */
const bombs: Readonly<Record<string, () => Changes>> = {
  "nested tags": () => ({ HtmlBody: `${"<div>".repeat(TAGS)}$12.34${"</div>".repeat(TAGS)}` }),
  "nested tables, 5 MB": () => html(5 * MB, "<table><tr><td>"),
};

/** More of them, for the long form. */
const moreBombs: typeof bombs = {
  "open brackets, 5 MB": () => html(5 * MB, "<"),
  "open comments, 5 MB": () => html(5 * MB, "<!-- "),
  "one tag with a million attributes": () => ({ HtmlBody: `<p ${'a="b" '.repeat(1e6)}>` }),
  "references, 5 MB": () => html(5 * MB, "&nbsp;&#x41;&unknown;"),
  "amounts, 5 MB": () => html(5 * MB, "You made a $1,234.56 transaction "),
  "digits and commas, 5 MB": () => html(5 * MB, "1,"),
  "blanks, 5 MB": () => html(5 * MB, " \n\t"),
  "dashes of a forward, 5 MB": () => ({
    HtmlBody: "",
    TextBody: fill(5 * MB, "---------- Forwarded message ---------\nFrom: "),
  }),
  "lines of a quote, 5 MB": () => ({ HtmlBody: "", TextBody: fill(5 * MB, "> ") }),
  "many headers": () => ({ Headers: Array.from({ length: TAGS }, (_, n) => ({ Name: `X-${n}`, Value: "x" })) }),
  "one long header": () => ({ Headers: [{ Name: "X-Spam-Tests", Value: fill(2 * MB, "DKIM_VALID_AU,\t") }] }),
  "a long subject": () => ({ Subject: fill(5 * MB, "Fwd: ") }),
  "a long sender": () => ({ FromFull: { Email: fill(2 * MB, "a."), Name: "" } }),
  "a long recipient": () => ({ To: fill(2 * MB, "<a@example.com>, ") }),
  "halves of characters": () => ({ Subject: "\ud83d", HtmlBody: fill(MB, "\ud83d\u0000") }),
};

beforeAll(buildProgram);

it(
  "mails made to bring their reader down are kept, and hold nothing else up",
  { timeout: scaled(60_000, 300_000) },
  async () => {
    const { dataDir, alertAddress } = makeHome();
    const ledger = openLedger(alertAddress, seededRandom(SEED));
    const service = await startService(dataDir);
    const slowest: Record<string, number> = {};
    for (const [name, changes] of Object.entries(scaled(bombs, { ...bombs, ...moreBombs }))) {
      const mail = bombOf(alertAddress, changes());
      const work = async (): Promise<void> => {
        expect(await ledger.send(service.url, { mail })).toBe("acknowledged");
        expect(new Set(await ledger.sendMany(5, service.url))).toEqual(new Set(["acknowledged"]));
        await interpreted(dataDir);
      };
      slowest[name] = await slowestAnswer(service, work());
    }
    expect(Object.entries(slowest).filter(([, ms]) => ms > STALLED_MS)).toEqual([]);
    expect(await closeBooks(`${Object.keys(slowest).length} hostile mails`, ledger, service, dataDir)).toEqual(
      ALL_WELL,
    );
  },
);

function html(bytes: number, piece: string): Changes {
  return { HtmlBody: fill(bytes, piece) };
}

function fill(bytes: number, piece: string): string {
  return piece.repeat(Math.ceil(bytes / piece.length));
}

/** An alert with some of its fields replaced. */
function bombOf(recipient: string, changes: Changes): (id: string) => Buffer {
  const alert = alertMails([recipient]);
  return (id) => Buffer.from(JSON.stringify({ ...JSON.parse(alert(id, 0).toString()), ...changes }));
}
