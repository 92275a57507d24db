import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { COMMENTS, forwardsOf, ORIGINAL_DATE, ORIGINAL_TO } from "../test/forwarded-mails.ts";
import { mailOf, parserFixtures } from "../test/parser-fixtures.ts";
import { originalMessageId, unwrapForward, type Forwarded } from "./forwarded.ts";
import { htmlToLines, textToLines } from "./html-to-lines.ts";
import { mailDate } from "./mail-date.ts";
import type { Mail } from "./parser.ts";
import { understand } from "./understand.ts";

const chase = fixture("chase", "card-2025");
const originals = [chase, fixture("chase", "card-2021"), fixture("schwab", "threshold")];
const programs = forwardsOf(chase).map(({ program }, index) => ({ program, index }));

/** A bank that nobody here knows: nothing stops at its name. */
const unknown: Mail = { ...chase, from: "alerts@bank.example", fromName: "Example Bank" };

describe.each(programs)("an alert that was forwarded with $program", ({ index }) => {
  const forwards = originals.map((original) => ({ original, mail: forwardOf(original, index) }));

  it("has the bank for its sender, and its own subject and recipient", () => {
    for (const { original, mail } of forwards) {
      const { from, fromName, subject } = original;
      const forwarded = unwrapForward(mail);
      expect(forwarded).toMatchObject({ mail: { from, fromName, subject }, layers: 1, originalTo: ORIGINAL_TO });
    }
  });

  it("has the date at which the bank wrote it, to the minute", () => {
    const { mail } = unwrapped(forwardOf(chase, index));
    const written = mailDate(mail.date, mail.receivedAt).round({ smallestUnit: "minute", roundingMode: "floor" });
    expect(written.toString()).toBe(ORIGINAL_DATE);
  });

  it("tells of the same purchase as the original, by its html and by its text alone", () => {
    for (const { original, mail } of forwards) {
      const { events } = understand(original);
      expect(events).toHaveLength(1);
      const parts = [{ html: "" }, { text: "" }].filter(
        (part) => `${{ ...mail, ...part }.html}${{ ...mail, ...part }.text}`,
      );
      for (const part of parts) {
        const inner = unwrapped({ ...mail, ...part }).mail;
        expect(understand({ ...inner, date: original.date }).events).toEqual(events);
      }
    }
  });

  it("has the words of the original in both parts and nothing of the forward's own", () => {
    for (const { original, mail } of forwards) {
      const { html, text } = unwrapped(mail).mail;
      const words = htmlToLines(original.html).lines;
      if (mail.html !== "") expect(htmlToLines(html).lines).toEqual(words);
      if (mail.text !== "") expect(textToLines(text)).toEqual(words);
      for (const comment of COMMENTS) expect(`${html}${text}`).not.toContain(comment);
    }
  });

  it("is the innermost mail however it was forwarded again", () => {
    const { events } = understand(chase);
    for (const { program, mail } of forwardsOf(forwardOf(chase, index))) {
      const inner = unwrapped(mail);
      expect([program, inner.layers, inner.mail.from]).toEqual([program, 2, chase.from]);
      expect(understand({ ...inner.mail, date: chase.date }).events).toEqual(events);
    }
  });

  it("is no forward any more once it was unwrapped", () => {
    expect(unwrapForward(unwrapped(forwardOf(unknown, index)).mail)).toBeNull();
  });
});

describe("a forward", () => {
  const gmail = forwardOf(chase, 0);

  it("of a real mail by hand is unwrapped", () => {
    expect(unwrapForward(fixture("chase", "forwarded-by-hand"))).toMatchObject({
      mail: {
        from: "no.reply.alerts@chase.com",
        subject: "You made a $30.00 transaction with PAYPAL *NY TIMES NYT",
        date: "6 Oct 2026 01:27:00 -0400",
        text: expect.stringMatching(
          /^This transaction is above .*\nTransaction alert\nYou made a \$30\.00 transaction\n/,
        ),
      },
      originalTo: "jane.doe@example.com",
    });
  });

  it("stops being looked into at a known bank: what its mail says further is its own", () => {
    const inside = forwardOf({ ...chase, from: "other@bank.example" }, 0);
    const memo = { ...chase, html: `<p>Memo:</p>${inside.html}`, text: "" };
    expect(unwrapped(forwardOf(memo, 0))).toMatchObject({ layers: 1, mail: { from: chase.from } });
    expect(unwrapForward(memo)).toBeNull();
  });

  it("of a forward of a forward is followed ten times and no further", () => {
    const nested = (times: number): Mail => (times === 0 ? unknown : forwardOf(nested(times - 1), 0));
    expect(unwrapped(nested(10))).toMatchObject({ layers: 10, mail: { from: unknown.from } });
    const deeper = unwrapped(nested(11));
    expect(deeper).toMatchObject({ layers: 10, mail: { from: "jane.doe@example.com" } });
    expect(unwrapForward(deeper.mail)).toMatchObject({ layers: 1, mail: { from: unknown.from } });
  });

  it.each([
    ["From: Chase <no.reply.alerts@chase.com<mailto:no.reply.alerts@chase.com>>", "Chase"],
    ["From: Chase [mailto:no.reply.alerts@chase.com]", "Chase"],
    ["*From:* *Chase* <No.Reply.Alerts@Chase.com>", "Chase"],
    ["*From: *Chase <mailto:no.reply.alerts@chase.com>", "Chase"],
    ["From: no.reply.alerts@chase.com <no.reply.alerts@chase.com>", ""],
    ["From: <no.reply.alerts@chase.com>", ""],
    ["From: no.reply.alerts@chase.com", ""],
    [`From: "Chase, alerts" <no.reply.alerts@chase.com>`, "Chase, alerts"],
    ["From:\nChase <no.reply.alerts@chase.com>", "Chase"],
    ["> From: Chase <no.reply.alerts@chase.com>", "Chase"],
  ])("names its sender as %j", (from, fromName) => {
    const text = `Begin forwarded message:\n\n${from}\nDate: Oct 6, 2026 at 1:27 PM\nSubject: Hello\n\nWords`;
    expect(unwrapped({ ...gmail, html: "", text }).mail).toMatchObject({ from: chase.from, fromName, text: "Words" });
  });

  it.each([
    ["nobody", "From: Chase"],
    ["two senders", "From: <no.reply.alerts@chase.com> <eve@example.net>"],
    ["a sender and something else", "From: no.reply.alerts@chase.com or so"],
  ])("that names %s is not unwrapped", (_, from) => {
    const text = `Begin forwarded message:\n\n${from}\nDate: Oct 6, 2026 at 1:27 PM\nSubject: Hello\n\nWords`;
    expect(unwrapForward({ ...gmail, html: "", text })).toBeNull();
  });

  it("has for its sender the address, not a name that looks like one", () => {
    const text = `Begin forwarded message:\n\nFrom: "no.reply.alerts@chase.com" <eve@example.net>\nSubject: Hello\n\nWords`;
    expect(unwrapped({ ...gmail, html: "", text }).mail.from).toBe("eve@example.net");
  });

  it("has its long header lines joined again", () => {
    const text = [
      "---------- Forwarded message ---------\nFrom: A bank with a name so long that it leaves no room for more",
      "<alerts@bank.example>\nDate: Oct 6, 2026 at 1:27 PM",
      "Subject: You made a $30.00 transaction with a merchant whose name is so",
      "very long\nTo: <jane.doe@example.com>\n\nWords",
    ].join("\n");
    expect(unwrapped({ ...gmail, html: "", text }).mail).toMatchObject({
      from: "alerts@bank.example",
      subject: "You made a $30.00 transaction with a merchant whose name is so very long",
      text: "Words",
    });
  });

  it("without a date that can be read has none, and then counts as written when it came", () => {
    const html = gmail.html.replace("Sat, Mar 7, 2026 at 9:14", "some time ago");
    expect(unwrapped({ ...gmail, html, text: "" }).mail.date).toBe("");
  });

  it("is told by its html; the text counts where it tells of the same mail", () => {
    const text = gmail.text.replace(chase.from, "other@bank.example");
    expect(unwrapped({ ...gmail, text }).mail).toMatchObject({ from: chase.from, text: "" });
    expect(unwrapped({ ...gmail, html: "<p>See the text part</p>" }).mail).toMatchObject({
      from: chase.from,
      html: "",
    });
  });

  it("keeps a label of the bank's own that looks like the header's", () => {
    const html = gmail.html.replace("<br><br>", "<br><br><p>To: BUS/MRT</p><p>Date: 06/01/25</p>");
    expect(htmlToLines(unwrapped({ ...gmail, html, text: "" }).mail.html).lines.slice(0, 2)).toEqual([
      "To: BUS/MRT",
      "Date: 06/01/25",
    ]);
    const text = gmail.text.replace("[image: Logo]", "Date: 06/01/25\r\nTo: BUS/MRT");
    expect(unwrapped({ ...gmail, html: "", text }).mail.text).toMatch(/^Date: 06\/01\/25\nTo: BUS\/MRT\n/);
  });

  it("keeps a long line behind a label without words: it is no subject", () => {
    const text = `Begin forwarded message:\nFrom: a@bank.example\nDate: Oct 6, 2026 at 1:27 PM\nSubject:\n${"word ".repeat(300)}`;
    expect(unwrapped({ ...gmail, html: "", text }).mail).toMatchObject({
      subject: "",
      text: "word ".repeat(300).trim(),
    });
  });

  it("keeps the bank's first words where the header lacks a recipient, or names none", () => {
    const to = `<span>To: </span>&lt;${ORIGINAL_TO}&gt;`;
    expect(gmail.html.split(to)).toHaveLength(2);
    for (const named of ["", "To:"]) {
      const html = unwrapped({ ...gmail, html: gmail.html.replace(to, named), text: "" });
      expect([named, html.originalTo, htmlToLines(html.mail.html).lines[0]]).toEqual([
        named,
        null,
        "Transaction alert",
      ]);
    }
    const text = gmail.text.replace(`To: <${ORIGINAL_TO}>`, "").replace("[image: Logo]", "To: BUS/MRT");
    expect(unwrapped({ ...gmail, html: "", text }).mail.text).toMatch(/^To: BUS\/MRT\n/);
  });
});

describe("no forward", () => {
  const gmail = forwardOf(chase, 0);
  const outlook = forwardOf(
    chase,
    programs.findIndex(({ program }) => program === "Outlook on the web"),
  );
  const header = "From: Bank <alerts@bank.example>\nDate: Oct 6, 2026 at 1:27 PM\nTo: jane@example.com\nSubject: Hello";

  it.each(["Re: ", "RE: Fwd: ", "AW: ", "RES : ", "Re[2]: "])("is a reply, which says so: %j", (prefix) => {
    expect(unwrapForward({ ...gmail, subject: `${prefix}${chase.subject}` })).toBeNull();
  });

  it("is a mail whose Outlook header stands above what a reply quotes", () => {
    expect(unwrapForward({ ...outlook, subject: `RE: ${chase.subject}` })).toBeNull();
    expect(unwrapForward({ ...outlook, subject: chase.subject })).toBeNull();
    expect(unwrapForward(outlook)).not.toBeNull();
  });

  it.each([
    "On Tue, Oct 6, 2026 at 8:02 AM Jane Doe <jane@example.com> wrote:",
    "On Tue, Oct 6, 2026 at 8:02 AM Jane Doe <jane@example.com>\nwrote:",
    "El mar, 6 oct 2026 a las 8:02, Jane Doe (<jane@example.com>) escribió:",
    "Le mar. 6 oct. 2026 à 08:02, Jane Doe <jane@example.com> a écrit :",
    "Em ter., 6 de out. de 2026 às 08:02, Jane Doe <jane@example.com> escreveu:",
    "Am Di., 6. Okt. 2026 um 08:02 Uhr schrieb Jane Doe <jane@example.com>:",
  ])("is a reply whose subject was changed: %j", (attribution) => {
    const quoted = gmail.text.replaceAll(/^/gm, "> ");
    const html = `<p>Thanks</p>${attribution.replaceAll("<", "&lt;")}<blockquote>${gmail.html}</blockquote>`;
    const reply = { ...gmail, subject: "A question", html, text: `Thanks\n\n${attribution}\n\n${quoted}` };
    expect(unwrapForward(reply)).toBeNull();
    expect(unwrapForward({ ...reply, html: "" })).toBeNull();
    expect(unwrapForward({ ...reply, text: "" })).toBeNull();
  });

  it("is a mail that quotes one", () => {
    const text = gmail.text.replaceAll(/^/gm, "> ");
    expect(unwrapForward({ ...gmail, subject: "A question", html: "", text: `What is this?\n\n${text}` })).toBeNull();
  });

  it.each([
    ["a sentence that mentions one", `You asked about the ---------- Forwarded message --------- line.\n${header}`],
    ["a sentence that begins like Apple's", `Begin forwarded message: what is that?\n${header}`],
    ["a marker without a header", "---------- Forwarded message ---------\nHello"],
    [
      "a marker above a header of one line",
      "---------- Forwarded message ---------\nFrom: Bank <alerts@bank.example>\nHello",
    ],
    [
      "a table of labels",
      "From:\nDBS/POSB card ending 0000\nDate:\n06/01/25\nTo:\nBUS/MRT\nSubject:\nCard transaction",
    ],
    ["a header without its marker", header],
    ["words", "Hello"],
    ["nothing", ""],
  ])("is %s", (_, text) => {
    const mail = { ...gmail, subject: "Card transaction" };
    expect(unwrapForward({ ...mail, html: "", text })).toBeNull();
    expect(
      unwrapForward({ ...mail, html: text.replaceAll("<", "&lt;").replaceAll("\n", "<br>"), text: "" }),
    ).toBeNull();
  });

  it.each(header.split("\n"))("is a header that lacks %j, without its marker", (missing) => {
    const mail = { ...gmail, subject: "Fwd: Hello", html: "" };
    expect(unwrapForward({ ...mail, text: header })).not.toBeNull();
    expect(unwrapForward({ ...mail, text: header.replace(missing, "").replaceAll("\n\n", "\n").trim() })).toBeNull();
  });

  it("is a genuine mail among the fixtures of the parsers, but for the one that was forwarded by hand", () => {
    const forwards = parserFixtures().filter((one) => unwrapForward(mailOf(one)) !== null);
    expect(forwards.map(({ name }) => name)).toEqual(["forwarded-by-hand"]);
    const strangers = parserFixtures().filter((one) => unwrapForward({ ...mailOf(one), from: "a@b.example" }) !== null);
    expect(strangers.map(({ name }) => name)).toEqual(["card-2025-text-of-a-forward", "forwarded-by-hand"]);
  });
});

describe("unwrapping damaged forwards", () => {
  const damage = fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      length: fc.nat({ max: 60 }),
      put: fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom("\n", "<br>", "> ", ":", "From: ", "<", "@")),
    }),
    { minLength: 1, maxLength: 8 },
  );

  it("never throws, and says nothing that the forward did not say", () => {
    const forwards = forwardsOf(chase).map(({ mail }) => mail);
    fc.assert(
      fc.property(fc.constantFrom(...forwards), damage, (forward, changes) => {
        const broken = { ...forward, html: damaged(forward.html, changes), text: damaged(forward.text, changes) };
        const forwarded = unwrapForward(broken);
        if (forwarded === null) return;
        const { lines } = htmlToLines(broken.html);
        expect(lines.join("\n")).toContain(htmlToLines(forwarded.mail.html).lines.join("\n"));
        expect(`${lines.join("\n")}${broken.text}`.toLowerCase()).toContain(forwarded.mail.from);
      }),
      { numRuns: 200 },
    );
  });

  it("leaves html that is no forward any more, unless it was forwarded too often", () => {
    const forwards = forwardsOf(forwardOf(unknown, 3)).map(({ mail }) => mail);
    fc.assert(
      fc.property(fc.constantFrom(...forwards), damage, (forward, changes) => {
        const forwarded = unwrapForward({ ...forward, html: damaged(forward.html, changes), text: "" });
        if (forwarded !== null && forwarded.layers < 10) expect(unwrapForward(forwarded.mail)).toBeNull();
      }),
      { numRuns: 200 },
    );
  });
});

describe("the id of the mail that was forwarded", () => {
  it.each([
    [
      [
        ["References", "<a@x>\t<b@x>"],
        ["In-Reply-To", "<c@x>"],
      ],
      "<b@x>",
    ],
    [[["references", "<a@x>"]], "<a@x>"],
    [[["In-Reply-To", " <c@x> "]], "<c@x>"],
    [
      [
        ["References", "none"],
        ["In-Reply-To", "<c@x>"],
      ],
      "<c@x>",
    ],
    [[["Message-ID", "<own@x>"]], null],
    [[["References", "<a b>"]], null],
  ])("in %j is %s", (headers, id) => {
    expect(originalMessageId(headers.map(([Name = "", Value = ""]) => ({ Name, Value })))).toBe(id);
  });
});

function fixture(bank: string, wanted: string): Mail {
  const found = parserFixtures().find(({ institution, name }) => institution === bank && name === wanted);
  if (found === undefined) throw new Error(`There is no fixture ${bank}/${wanted}.`);
  return mailOf(found);
}

function forwardOf(original: Mail, index: number): Mail {
  const forward = forwardsOf(original)[index];
  if (forward === undefined) throw new Error("There is no such program.");
  return forward.mail;
}

function unwrapped(mail: Mail): Forwarded {
  const forwarded = unwrapForward(mail);
  if (forwarded === null) throw new Error("It was not taken for a forward.");
  return forwarded;
}

function damaged(body: string, changes: readonly { at: number; length: number; put: string }[]): string {
  return changes.reduce((text, { at, length, put }) => {
    const start = Math.floor(at * text.length);
    return text.slice(0, start) + put + text.slice(start + length);
  }, body);
}
