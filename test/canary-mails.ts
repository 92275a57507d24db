import { randomUUID } from "node:crypto";

import { composeMail } from "../adapters/compose-mail.ts";
import { canary, watch } from "./canaries.ts";
import { withHeader } from "./deliver-mail.ts";
import { mailTo } from "./fixture-mails.ts";
import { gmailPayload } from "./gmail-confirmations.ts";
import { signedMail } from "./sign-mail.ts";

/** A delivery: its body, and the id of the mail when it is one. */
export type CanaryMail = { readonly id: string | null; readonly body: string };

/** Words that make the worker of the test break down over a mail, or never end. */
export const BREAKS = canary("breaks");
export const NEVER_ENDS = canary("neverends");

/** Whom the mails of this world tell of. */
export const MERCHANT = canary("merchant").toUpperCase();
const AMOUNT = watch("4,817.93");
const SUBJECT = canary("subject");
const FORWARDER = `${canary("forwarder")}@example.net`;
const BODY = canary("body");
watch("4817.93");
watch("481793");

/** Mails that go every way there is through the program, each full of canaries. */
export async function canaryMails(alertAddress: string, at: Temporal.Instant) {
  const domain = alertAddress.slice(alertAddress.indexOf("@") + 1);
  const to = (recipient: string, changes: Payload = {}): Payload => ({ ...chase(recipient), ...changes });
  const unknown = (changes: Payload = {}): Payload => to(alertAddress, { ...unknownBank(), ...changes });
  const known = {
    booked: chase(alertAddress),
    // A look-alike of the one before.
    again: anew(chase(alertAddress)),
    review: unknown(),
    noPurchase: mailTo(alertAddress, "bank-of-america/fixtures/statement", { Tag: BODY }),
  };
  const payloads: Payload[] = [
    ...Object.values(known),
    // DNS does not answer in this test.
    await signedMail(chase(alertAddress), { to: alertAddress, at }),
    to(`alerts+${canary("stranger")}@${domain}`),
    to(`alerts@${domain}`),
    to(`info@${domain}`, { From: FORWARDER, FromFull: person(FORWARDER) }),
    anew(to(alertAddress, { From: `info@${domain}`, FromFull: person(`info@${domain}`) })),
    gmailPayload("English with a code", {
      to: alertAddress,
      requester: `${canary("requester")}@example.com`,
      link: `https://mail.google.com/mail/vf-${canary("link")}`,
    }),
    unknown({ TextBody: forwardedText(), HtmlBody: "", From: FORWARDER, FromFull: person(FORWARDER) }),
    anew(unknown({ Attachments: [{ Name: `${BODY}.eml`, ContentType: "message/rfc822", Content: attached(at) }] })),
    unknown({ Subject: "a\0b", HtmlBody: `${"<div>".repeat(2_000)}${BODY}`, Headers: [{ Name: BODY, Value: BODY }] }),
    unknown({ TextBody: BREAKS }),
    unknown({ TextBody: NEVER_ENDS }),
  ];
  const broken = [
    `{"MessageID":"1","TextBody":"${BODY}`,
    BODY,
    JSON.stringify([BODY]),
    JSON.stringify({ ...chase(alertAddress), MessageID: `${BODY} ${BODY}` }),
    JSON.stringify({ ...chase(alertAddress), MessageID: { [BODY]: BODY } }),
    JSON.stringify({ MessageID: randomUUID(), Headers: BODY, FromFull: BODY, Attachments: [{ Content: BODY }] }),
  ];
  const mails: CanaryMail[] = [
    ...payloads.map((payload) => ({ id: String(payload["MessageID"]), body: JSON.stringify(payload) })),
    ...broken.map((body) => ({ id: null, body })),
  ];
  const ids = { review: String(known.review["MessageID"]), noPurchase: String(known.noPurchase["MessageID"]) };
  return { mails, ids };
}

type Payload = Record<string, unknown>;

function chase(recipient: string): Payload {
  const text = JSON.stringify(mailTo(recipient, "chase/fixtures/card-2025"));
  const marked = text.replaceAll("$12.34", `$${AMOUNT}`).replaceAll("SAMPLE*COFFEE SHOP", MERCHANT);
  return { ...(JSON.parse(marked) as Payload), OriginalRecipient: recipient };
}

/** One that is no copy of another with its words. */
function anew(payload: Payload): Payload {
  return withHeader(payload, "Message-ID", `<${canary("messageid")}.${randomUUID()}@example.com>`);
}

function unknownBank(): Payload {
  const from = `alerts@${canary("bank")}.example`;
  return {
    MessageID: randomUUID(),
    From: from,
    FromFull: person(from),
    Subject: SUBJECT,
    HtmlBody: "",
    TextBody: `You spent $${AMOUNT} at ${MERCHANT} on March 7, 2026.\n${BODY}`,
  };
}

function person(address: string): Payload {
  return { Email: address, Name: canary("name"), MailboxHash: "" };
}

function forwardedText(): string {
  const head = "---------- Forwarded message ---------\nFrom: Chase <no.reply.alerts@chase.com>";
  return `${BODY}\n\n${head}\nDate: Sat, Mar 7, 2026 at 9:14 AM\nSubject: ${SUBJECT}\nTo: <${FORWARDER}>\n\n${BODY} $${AMOUNT} ${MERCHANT}`;
}

function attached(at: Temporal.Instant): string {
  const parts = { from: FORWARDER, to: FORWARDER, subject: SUBJECT, text: BODY, html: "", messageId: BODY, date: at };
  return Buffer.from(composeMail(parts)).toString("base64");
}
