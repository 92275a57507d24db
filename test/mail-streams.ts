import { randomUUID } from "node:crypto";

import fc from "fast-check";

import { composeMail } from "../adapters/compose-mail.ts";
import { withHeader } from "./deliver-mail.ts";
import type { TestPerson } from "./fake-app.ts";
import { CHASE, mailTo } from "./fixture-mails.ts";
import { gmailPayload } from "./gmail-confirmations.ts";
import { bankKey, signedMail } from "./sign-mail.ts";

// Streams of mails such as a hostile world sends, with how many mails of its own each delivery really is.

type Payload = Record<string, unknown>;

/** Just after the purchase that the fixture tells of. */
const WRITTEN = Temporal.Instant.from("2022-06-05T20:45:00Z");

/** A fixture for each way in which a mail can be read, and mails that only whole payloads show. */
const FIXTURES = {
  purchase: CHASE,
  several: "bank-of-america/fixtures/card-2018-three-purchases",
  forward: "chase/fixtures/forwarded-by-hand",
  transfer: "chase/fixtures/transfer-out",
  doubtful: "chase/fixtures/card-2025-amount-unrendered",
} as const;
const KINDS = [
  ...(Object.keys(FIXTURES) as (keyof typeof FIXTURES)[]),
  ...(["forged", "signed", "unknown sender", "confirmation", "ours", "too slow", "carrier", "nobody's"] as const),
];
type Kind = (typeof KINDS)[number];

/** How a mail comes again: as it came, as another delivery, with other words under the same Message-ID, less believable. */
const REPEATS = ["retry", "copy", "altered", "altered retry", "unsigned copy"] as const;

const pick = fc.nat(1_000);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("deliver"), kind: fc.constantFrom(...KINDS), to: fc.nat(1) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("repeat"), how: fc.constantFrom(...REPEATS), pick }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("interpret") }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait"), hours: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("dns"), isDown: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("decide"),
      action: fc.constantFrom("dismiss", "book", "enter", "undo", "trust", "was-a-purchase"),
      pick,
    }),
  },
);

/** One thing that happens. */
export type StreamStep =
  | { readonly do: "deliver"; readonly kind: Kind; readonly to: number }
  | { readonly do: "repeat"; readonly how: (typeof REPEATS)[number]; readonly pick: number }
  | { readonly do: "interpret" }
  | { readonly do: "wait"; readonly hours: number }
  | { readonly do: "dns"; readonly isDown: boolean }
  | { readonly do: "decide"; readonly action: string; readonly pick: number };

/** Any stream of them. */
export const anyStream = fc.array(step, { minLength: 20, maxLength: 40 }) as fc.Arbitrary<StreamStep[]>;

/** A delivery: its payload, and the mails that it is, by names that two deliveries of one mail share. */
export type StreamDelivery = { readonly payload: Payload; readonly to: number; readonly mails: readonly string[] };

/** The mark by which the app under test knows what it is to give up reading. */
export const TOO_SLOW = "takes for ever";

/** The first delivery of a mail of that kind. */
export async function firstDelivery(kind: Kind, to: number, people: readonly TestPerson[]): Promise<StreamDelivery> {
  const id = `${randomUUID()}@mails.example.com`;
  const address = people[to]?.alertAddress ?? "";
  if (kind === "carrier") return carrier(id, to, address);
  if (kind === "signed") return { payload: await signed(id, address, people[to]?.email ?? ""), to, mails: [id] };
  const payload = withHeader(payloadOf(kind, address), "Message-ID", `<${id}>`);
  return { payload, to, mails: kind === "nobody's" ? [] : [id] };
}

/** The same mail once more, or one that passes itself off as it. */
export function repeated(first: StreamDelivery, how: (typeof REPEATS)[number]): StreamDelivery {
  if (how === "retry") return first;
  const { payload, to, mails } = first;
  const copy = { ...payload, MessageID: randomUUID() };
  // A carrier has no words of its own; nothing tells two deliveries apart of a mail that can't be read.
  const isOneMail = mails.length === 1;
  const isUnread = String(payload["Subject"]) === TOO_SLOW;
  const another = { to, mails: [`${mails.join()} ${randomUUID()}`] };
  if (how === "unsigned copy") {
    const unsigned = withHeader(copy, "X-Spam-Tests", "HTML_MESSAGE");
    return { payload: unsigned, ...(isUnread ? another : { to, mails }) };
  }
  if (how === "copy" || !isOneMail) return { payload: copy, ...(isUnread ? another : { to, mails }) };
  const more = randomUUID();
  const words = {
    TextBody: `${String(payload["TextBody"])}\n${more}`,
    HtmlBody: `${String(payload["HtmlBody"])}<p>${more}</p>`,
  };
  return { payload: { ...(how === "altered" ? copy : payload), ...words }, ...another };
}

function payloadOf(kind: Exclude<Kind, "carrier" | "signed">, address: string): Payload {
  switch (kind) {
    case "forged":
      return withHeader(mailTo(address, CHASE), "X-Spam-Tests", "DKIM_SIGNED,HTML_MESSAGE");
    case "unknown sender":
      return mailTo(address, CHASE, { FromFull: { Email: "alerts@bank.example.net", Name: "" } });
    case "confirmation":
      return gmailPayload("Polish", { to: address });
    case "ours":
      return mailTo(address, CHASE, { FromFull: { Email: "info@wtmm.example.com", Name: "" } });
    case "too slow":
      return mailTo(address, CHASE, { Subject: TOO_SLOW });
    case "nobody's":
      return mailTo("alerts+aaaaaaaaaaaaaaaa@wtmm.example.com", CHASE);
    case "purchase":
    case "several":
    case "forward":
    case "transfer":
    case "doubtful":
      return mailTo(address, FIXTURES[kind]);
  }
}

function signed(messageId: string, address: string, mailbox: string): Promise<Payload> {
  return signedMail(mailTo(address, CHASE), { to: mailbox, at: WRITTEN, messageId, key: bankKey("chase.com") });
}

/** Two alerts that somebody forwards as attachments. */
function carrier(id: string, to: number, address: string): StreamDelivery {
  const mails = [`1.${id}`, `2.${id}`];
  const alert = mailTo("", CHASE);
  const Attachments = mails.map((messageId) => {
    const words = { from: String(alert["From"]), to: "jane@example.com", subject: "Alert", text: "" };
    const raw = composeMail({ ...words, html: String(alert["HtmlBody"]), messageId, date: WRITTEN });
    return { Name: "alert.eml", ContentType: "message/rfc822", Content: Buffer.from(raw).toString("base64") };
  });
  const sender = { FromFull: { Email: "jane@example.com", Name: "" }, HtmlBody: "", TextBody: "See attached." };
  const payload = withHeader(mailTo(address, CHASE, { ...sender, Attachments }), "Message-ID", `<${id}>`);
  return { payload, to, mails };
}
