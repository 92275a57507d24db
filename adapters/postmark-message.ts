import { addressParser } from "postal-mime";
import * as v from "valibot";

const message = v.object({
  From: v.fallback(v.string(), ""),
  To: v.fallback(v.string(), ""),
  Cc: v.fallback(v.string(), ""),
  Bcc: v.fallback(v.string(), ""),
  Subject: v.fallback(v.string(), ""),
  TextBody: v.fallback(v.string(), ""),
  HtmlBody: v.fallback(v.string(), ""),
  Tag: v.fallback(v.string(), ""),
  Headers: v.fallback(v.array(v.object({ Name: v.pipe(v.string(), v.regex(/^[\w-]+$/)), Value: v.string() })), []),
});

/** One message as Postmark's sending API takes it, as far as the stand-in looks at it. */
export type PostmarkMessage = v.InferOutput<typeof message>;

/** What Postmark answers about one message, and about a whole request that it refuses. */
export type PostmarkResult = {
  readonly ErrorCode: number;
  readonly Message: string;
  readonly To?: string;
  readonly SubmittedAt?: string;
  readonly MessageID?: string;
};

const BATCH_MESSAGES = 500;
const RECIPIENTS = 50;

/** Reads the body of `/email`, or of `/email/batch`, as messages; a refusal when it is not that. Never throws. */
export function readPostmarkMessages(body: string, isBatch: boolean): readonly PostmarkMessage[] | PostmarkResult {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { ErrorCode: 402, Message: "The body is not JSON." };
  }
  const mails = v.safeParse(v.array(message), isBatch ? json : [json]);
  if (!mails.success) return { ErrorCode: 402, Message: "The body is not a message, or not a list of messages." };
  if (mails.output.length > BATCH_MESSAGES) return { ErrorCode: 410, Message: `More than ${BATCH_MESSAGES} messages.` };
  return mails.output;
}

/** What Postmark would find wrong in a message (its error 300), as a sentence; null when nothing. */
export function faultOfMessage({ From, To, Cc, Bcc, TextBody, HtmlBody }: PostmarkMessage): string | null {
  const from = addressesOf(From);
  if (from.length !== 1 || !from.every(isAddress)) return `Invalid 'From' address: '${From}'.`;
  const to = addressesOf(To);
  if (to.length === 0 || !to.every(isAddress)) return `Invalid 'To' address: '${To}'.`;
  const others = [...addressesOf(Cc), ...addressesOf(Bcc)];
  if (!others.every(isAddress)) return "Invalid 'Cc' or 'Bcc' address.";
  if (to.length + others.length > RECIPIENTS) return `More than ${RECIPIENTS} recipients.`;
  if (TextBody === "" && HtmlBody === "") return "Neither TextBody nor HtmlBody.";
  return null;
}

/** Every address that the message goes to. */
export function recipientsOf({ To, Cc, Bcc }: PostmarkMessage): string[] {
  return [To, Cc, Bcc].flatMap(addressesOf);
}

function addressesOf(text: string): string[] {
  return addressParser(text, { flatten: true }).map(({ address }) => address ?? "");
}

function isAddress(text: string): boolean {
  return /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+$/.test(text);
}
