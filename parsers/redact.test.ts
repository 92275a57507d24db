import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { sampleOf } from "../handlers/export-sample.ts";
import { readInboundPayload } from "../handlers/inbound-payload.ts";
import { readMailSet } from "../test/mail-set.ts";
import { mailOf, parserFixtures, type ParserFixture } from "../test/parser-fixtures.ts";
import { personalData } from "../test/personal-data.ts";
import { unwrapForward } from "./forwarded.ts";
import { htmlToLines, textToLines } from "./html-to-lines.ts";
import type { Mail } from "./parser.ts";
import { redactMail, type Person } from "./redact.ts";
import type { Draw } from "./redact-stages.ts";
import { understand, type Understood } from "./understand.ts";

const RECEIVED_AT = Temporal.Instant.from("2026-11-20T15:00:00Z");
const JANE: Person = { names: ["Amelie Q. Zauberfrau"], addresses: ["amelie@post.example.org"] };

/** As the real one in all that matters here, without its secret. */
const draw: Draw = (word, choices) => {
  let mixed = 7;
  for (const character of word) mixed = Math.imul(mixed ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return Math.floor((((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32) * choices);
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wtmm-samples-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sampleOfFixture({ payload }: ParserFixture): string {
  const inbound = readInboundPayload(payload);
  if (inbound === null) throw new Error("This fixture is none.");
  return sampleOf(inbound, { receivedAt: RECEIVED_AT, addresses: [], domain: "wtmm.example.com" });
}

/** The sample as the parsers see it, once it is a fixture. */
function asFixture(sample: string): Mail {
  const path = join(folder, "one.mails");
  writeFileSync(path, sample);
  const [mail, ...others] = readMailSet(path);
  if (mail === undefined || others.length > 0) throw new Error("This is not one mail.");
  return mailOf(mail);
}

/** What was read, without the values. */
function reading({ institution, outcome, layout, events }: Understood): string {
  const said = events.map(({ kind, currency, card, occurred }) =>
    [kind, currency, card?.length, occurred?.constructor.name].join(" "),
  );
  return [institution, outcome, layout, ...said].join(" | ");
}

function mailWith(parts: Partial<Mail>): Mail {
  const outside = { from: "alerts@bank.example", fromName: "Bank", subject: "Alert", headers: [] };
  return { ...outside, date: "Tue, 10 Nov 2026 10:00:00 +0000", receivedAt: RECEIVED_AT, text: "", html: "", ...parts };
}

describe("the samples of all fixtures", () => {
  it.each(parserFixtures())("are read as $institution/$name is", (fixture) => {
    const mail = mailOf(fixture);
    const before = understand(unwrapForward(mail)?.mail ?? mail);
    const after = understand(asFixture(sampleOfFixture(fixture)));
    expect(reading(after)).toBe(reading(before));
    expect(after.lines).toHaveLength(before.lines.length);
    for (const [index, { words }] of before.events.entries()) {
      const isZero = !/[1-9]/.test(words.amount);
      if (!isZero) expect(after.events[index]?.words.amount).not.toBe(words.amount);
    }
  });

  it("hold nothing that looks like a real person's data", () => {
    for (const fixture of parserFixtures()) {
      const sample = sampleOfFixture(fixture);
      const [, domain = ""] = asFixture(sample).from.split("@");
      expect(personalData(sample, [domain])).toEqual([]);
    }
  });
});

describe("a redacted line", () => {
  const line = (text: string): string => redactMail(mailWith({ text }), JANE, draw).body;

  it.each([
    ["Hi AMELIE ZAUBERFRAU, welcome", /^Hi JANE DOE, welcome$/],
    ["Amelie's card, ZAUBERFRAU", /^Jane's card, DOE$/],
    ["Dear Roberta Unknown, you paid. Thanks, Roberta", /^Dear Jane Doe, you paid. Thanks, Jane$/],
    ["Dear Valued Customer, Dear Bank Customer", /^Dear Valued Customer, Dear Bank Customer$/],
    ["You paid $1,234.56 today", /^You paid \$[1-9],[1-9]{3}\.[1-9]{2} today$/],
    ["Fee: 500.00 RD$ and 84,000", /^Fee: [1-9]00\.00 RD\$ and [1-9][1-9],000$/],
    ["ご利用金額：２，７６０円", /^ご利用金額：[１-９]，[１-９][１-９]０円$/],
    ["card ending in 4211 or ...4211", /^card ending in (\d{4}) or \.\.\.\1$/],
    ["4111 1111 1111 4211 has 4211", /^XXXX XXXX XXXX (\d{4}) has \1$/],
    ["on 11/09/2026 at 4:05 PM", /^on 11\/\d\d\/2026 at [1-9]:[0-5]\d PM$/],
    ["on 09 de noviembre de 2026, 24/7", /^on \d\d de noviembre de 2026, 24\/7$/],
    ["call 1-800-432-1000 or +65 6222 2121", /^call PHONE or PHONE$/],
    ["see https://t.bank.example/c/a8f7?u=amelie.", /^see https:\/\/example\.com\.$/],
    ["amelie@post.example.org or joe@else.example.net", /^jane\.doe@example\.com or someone@example\.com$/],
    ["alerts@bank.example wrote", /^alerts@bank\.example wrote$/],
    ["to amelie.z@okbank for you", /^to someone@okbank for you$/],
    ["Reference 8f7a9b2c4d6e8f", /^Reference [\da-w]{14}$/],
    ["within 3 days, © 2026 Bank", /^within 3 days, © 2026 Bank$/],
    ["=== not a head", /^ === not a head$/],
  ])("%s", (text, expected) => {
    const redacted = line(text);
    expect(redacted).toMatch(expected);
    if (!redacted.trim().includes(text.trim())) expect(redacted).not.toBe(text);
  });

  it("changes the same number to the same one in every mail's subject and body, however it is cut", () => {
    const { subject, body } = redactMail(
      mailWith({ subject: "You paid $1,012.34", html: "<p>You paid<div>$</div><div>1,012</div><div>34</div>" }),
      JANE,
      draw,
    );
    const [, whole = "", cents = ""] = /\$(.+)\.(..)$/.exec(subject) ?? [];
    expect(htmlToLines(body).lines).toEqual(["You paid", "$", whole, cents]);
  });

  it("moves all days by the same number of days, and leaves them where a day could be a month", () => {
    const moved = redactMail(mailWith({ text: "On Mon, 9 Nov 2026, billed 11/20/2026" }), JANE, draw);
    const [, day, billed] = /Mon, (\d+) Nov 2026, billed 11\/(\d+)\/2026/.exec(moved.body) ?? [];
    expect(Number(billed) - Number(day)).toBe(11);
    expect(Number(day)).not.toBe(9);
    expect(moved.date).toMatch(new RegExp(`^Tue, ${Number(day) + 1} Nov 2026 10:..:.. \\+0000$`));
    expect(line("on 11/11/2026")).toBe("on 11/11/2026");
  });
});

it.each(["a", "1", "1,", "1a", "a-", "www.", "a@", "Hi A ", "=== ", "<p>", "aA1-", "09/09/2026 "])(
  "takes time in proportion to the mail's length for %j again and again",
  (part) => {
    let drawn = 0;
    const counting: Draw = (word, choices) => {
      drawn += word.length;
      return draw(word, choices);
    };
    const drawnFor = (length: number): number => {
      drawn = 0;
      redactMail(mailWith({ text: part.repeat(length), fromName: part.repeat(length) }), JANE, counting);
      return drawn;
    };
    const [some, more] = [drawnFor(500), drawnFor(5000)];
    expect(more).toBeLessThanOrEqual(12 * some + 100);
  },
);

describe("whatever a mail holds", () => {
  const digits = (length: number) => fc.stringMatching(new RegExp(`^[1-9]{${length}}$`));
  const secrets = fc.record({
    name: fc.stringMatching(/^[B-DF-HK-NP-TVWXZ][b-df-hk-np-tvwxz]{5,9}$/),
    card: digits(16),
    last: digits(4),
    amount: fc.tuple(digits(3), digits(3), digits(2)).map(([a, b, c]) => `${a},${b}.${c}`),
    phone: fc.tuple(digits(3), digits(3), digits(4)).map((groups) => groups.join("-")),
    local: fc.stringMatching(/^[b-df-hj-np-tv-z]{8,12}$/),
  });
  const around = fc.constantFrom(
    "",
    "You paid ",
    "カード",
    "<b>",
    "&nbsp;",
    "on 11/09/2026 ",
    "\n",
    "</td><td>",
    "$",
    "x",
  );

  it("no name, card, amount, address or telephone number of its person survives", () => {
    fc.assert(
      fc.property(secrets, fc.array(around, { minLength: 6, maxLength: 6 }), fc.boolean(), (secret, words, isHtml) => {
        const { name, card, last, amount, phone, local } = secret;
        const values = [name, card, `${amount} USD`, phone, `${local}@post.example.org`, `ending in ${last}`];
        const body = values.map((value, at) => `${words[at] ?? ""} ${value} .`).join("\n");
        const person = { names: [name], addresses: [`${local}@post.example.org`] };
        const mail = mailWith({
          subject: `${amount} for ${name}`,
          ...(isHtml ? { html: `<p>${body}` } : { text: body }),
        });
        const sample = redactMail(mail, person, draw);
        const all = `${sample.from}\n${sample.subject}\n${sample.body}`.toLowerCase();
        for (const value of [name, card, amount, phone, local]) expect(all).not.toContain(value.toLowerCase());
        expect(all).not.toMatch(new RegExp(`ending in ${last}`));
      }),
    );
  });

  it("parsers see as many lines as before", () => {
    const parts = fc.constantFrom(
      ...[
        "<table>",
        "<tr>",
        "<td>",
        "</td>",
        "</tr>",
        "</table>",
        "<p>",
        "</p>",
        "<br>",
        "<div>",
        "</div>",
        "<b>",
        "</b>",
      ],
      ...[
        "<!-- x -->",
        "<style>p{}</style>",
        "<div style='display:none'>",
        "<a href='https://x.example'>",
        "<hr>",
        "<body>",
      ],
      ...[
        "Hi Amelie,",
        "$12.34",
        "&lt;b&gt;",
        "=== x",
        " ",
        "7",
        "12/11/2026",
        "<h1>",
        "</h1>",
        "a@b.example",
        "\n",
        "©",
      ],
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 30 }), (all) => {
        const html = all.join("");
        const { body } = redactMail(mailWith({ html }), JANE, draw);
        const lines = body.startsWith("<") ? htmlToLines(body).lines : textToLines(body);
        expect(lines).toHaveLength(htmlToLines(html).lines.length);
        expect(body).not.toMatch(/^=== |style|href|<!--|<a|\0/m);
      }),
    );
  });
});
