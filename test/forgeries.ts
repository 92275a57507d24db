import type { ResolveTxt } from "../access/dkim.ts";
import { composeMail } from "../adapters/compose-mail.ts";
import type { SeededRandom } from "./adversarial/seeded-random.ts";
import { newKey, publishing, signMail, type Signing, type SigningKey } from "./sign-mail.ts";

/** Whose mails are forged, for whom, and what they say. */
export type Target = {
  /** The bank's, which signs it with its domain. */
  readonly sender: string;
  /** The mailbox that the bank writes to. */
  readonly victim: string;
  readonly html: string;
  readonly at: Temporal.Instant;
};

/** What a kind of forgery is made with. */
type Workshop = Target & {
  readonly random: SeededRandom;
  readonly bank: SigningKey;
  /** Old keys of the bank's that anybody can have found out. */
  readonly weak: SigningKey;
  readonly revoked: SigningKey;
  readonly mallory: SigningKey;
  /** An alert of the bank's, signed by nobody. */
  readonly alert: (changes?: { from?: string; to?: string }) => string;
  readonly sign: (raw: string, key: SigningKey, signing?: Signing) => Promise<string>;
};

const MALLORY = "mallory@evil.example";
const SUBJECT = "Your $63.83 transaction with CORNER STORE";
const CLAIM = "Your $9,999.00 transaction with EVIL STORE";
const WEAK = "weak";
const REVOKED = "revoked";

/**
 * Ways to make a mail look like the bank's when it is not, or was not meant for the victim. Each must be stopped at the
 * victim's own secret address.
 */
const KINDS = {
  unsigned: ({ alert }) => alert(),
  "signed by nobody with that key": ({ alert, bank, mallory, sign }) =>
    sign(alert(), { ...bank, privateKey: mallory.privateKey }),
  "signed with a key that is not published": ({ alert, bank, mallory, sign }) =>
    sign(alert(), { ...mallory, domain: bank.domain, selector: "s99" }),
  "signed by a stranger": ({ alert, mallory, sign }) => sign(alert(), mallory),
  "signed by a name like the bank's": ({ alert, bank, mallory, sign }) =>
    sign(alert(), { ...mallory, domain: `${bank.domain}.${mallory.domain}` }),
  "another body": async ({ alert, bank, sign }) => `${await sign(alert(), bank)}\r\n${CLAIM}\r\n`,
  "another subject": async ({ alert, bank, sign }) => (await sign(alert(), bank)).replace(SUBJECT, CLAIM),
  "another recipient": async ({ alert, bank, sign, victim }) =>
    (await sign(alert({ to: MALLORY }), bank)).replace(`To: ${MALLORY}`, `To: ${victim}`),
  "another date": async ({ alert, bank, sign }) => (await sign(alert(), bank)).replace(/^Date: .*$/m, "Date: now"),
  "a second header": async ({ alert, bank, sign, random, sender }) => {
    const more = [`Subject: ${CLAIM}`, `From: ${sender}`, `To: ${MALLORY}`, "Date: now", "Content-Type: text/plain"];
    return `${random.pick(more)}\r\n${await sign(alert(), bank)}`;
  },
  "text after the signed length": async ({ alert, bank, sign }) =>
    `${await sign(alert(), bank, { bodyLength: 10 })}\r\n${CLAIM}\r\n`,
  "a key that can be computed": ({ alert, weak, sign }) => sign(alert(), weak),
  "an algorithm that can be deceived": ({ alert, bank, sign }) => sign(alert(), bank, { algorithm: "rsa-sha1" }),
  "an expired signature": ({ alert, bank, sign, at }) =>
    sign(alert(), bank, { at: at.subtract({ hours: 9 }), expires: at.subtract({ hours: 1 }) }),
  "a key that was revoked": ({ alert, revoked, sign }) => sign(alert(), revoked),
  "a subject that was not signed": async ({ alert, bank, sign }) =>
    (await sign(alert(), bank, { headers: ["From", "To", "Date"] })).replace(SUBJECT, CLAIM),
  "a recipient that was not signed": ({ alert, bank, sign }) =>
    sign(alert(), bank, { headers: ["From", "Subject", "Date"] }),
  "a stranger who is read as the bank": ({ alert, mallory, sign }) => sign(alert({ from: MALLORY }), mallory),
  "eleven signatures": async ({ alert, bank, sign }) => {
    const raw = alert();
    const signed = await sign(raw, bank);
    return signed.slice(0, -raw.length).repeat(11) + raw;
  },
  "a line that ends the headers for some": async ({ alert, bank, sign, random }) =>
    random.pick([`${CLAIM}\r\n`, "X-A: a\r\n \r\n", `X-A: a\rSubject: ${CLAIM}\r\n`]) + (await sign(alert(), bank)),
  "a genuine alert of somebody else's": ({ alert, bank, sign }) => sign(alert({ to: MALLORY }), bank),
} satisfies Record<string, (workshop: Workshop) => string | Promise<string>>;

/** What a forgery does. */
export type ForgeryKind = keyof typeof KINDS;

/** Makes raw mails. */
export type Forge = {
  /** DNS with the keys of the sender's domain and the forger's own. */
  readonly resolveTxt: ResolveTxt;
  readonly genuine: () => Promise<string>;
  readonly forge: (kind: ForgeryKind) => Promise<string>;
};

/** All of them. */
export const FORGERY_KINDS = Object.keys(KINDS) as ForgeryKind[];

/**
 * Makes raw mails in the sender's name: genuine ones, and forgeries of every kind. The sender's domain signs with a key of
 * the smallest size that counts, which is the fastest.
 */
export function openForge(target: Target, random: SeededRandom): Forge {
  const domain = target.sender.split(/[@.]/).slice(-2).join(".");
  const [bank, mallory] = [newKey(domain, { bits: 1024 }), newKey("evil.example", { type: "ed25519" })];
  const weak = newKey(domain, { selector: WEAK, bits: 512 });
  const revoked = { ...bank, selector: REVOKED, name: `${REVOKED}._domainkey.${domain}`, record: "v=DKIM1; p=" };
  const workshop: Workshop = {
    ...target,
    random,
    bank,
    weak,
    revoked,
    mallory,
    alert: ({ from = target.sender, to = target.victim } = {}) => alertOf(target, from, to, random),
    sign: async (raw, key, signing) => (await signMail(raw, key, signing)).toString(),
  };
  return {
    resolveTxt: publishing(bank, mallory, weak, revoked),
    genuine: () => workshop.sign(workshop.alert(), bank),
    forge: async (kind) => KINDS[kind](workshop),
  };
}

/** An alert that nobody has signed yet. */
function alertOf({ html, at }: Target, from: string, to: string, random: SeededRandom): string {
  const messageId = `${random.whole(0, 2 ** 48)}@example.com`;
  const date = at.subtract({ seconds: random.whole(0, 600) });
  return Buffer.from(composeMail({ from, to, subject: SUBJECT, text: "", html, messageId, date })).toString();
}

/** The mail with what servers on the way put on top, and in the line ends that some of them leave. */
export function onItsWay(raw: string, random: SeededRandom): string {
  const hops = Array.from(
    { length: random.whole(0, 3) },
    () => `Received: by ${random.whole(0, 99)}.example\r\n\tfor you`,
  );
  const carried = [...hops, raw].join("\r\n");
  return random.chance(0.2) ? carried.replaceAll("\r\n", "\n") : carried;
}
