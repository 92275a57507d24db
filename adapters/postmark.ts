import { Errors, Models, ServerClient } from "postmark";
import * as v from "valibot";

/** A letter that is ready to leave: one recipient, both bodies complete. */
export type OutgoingLetter = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Where letters of this kind can be stopped. */
  readonly stopUrl?: string;
  /** What sort of letter it is; Postmark groups its statistics by it. */
  readonly kind: string;
  /** Our own id. Postmark repeats it in every event about the letter. */
  readonly id: string;
};

/**
 * What became of a letter.
 * `sent`: Postmark has it. `retry`: nobody's fault or unknown, the same letter may be tried again (a second try after
 * a timeout can arrive twice: Postmark knows no idempotency). `refused`: this letter will never be taken; with
 * `undeliverable` because its recipient bounced, complained or was suppressed. `stop`: no letter will be taken until
 * a person changes something, so the letter waits and the operator is told.
 */
export type SendResult =
  | { readonly state: "sent"; readonly providerId: string }
  | { readonly state: "retry"; readonly reason: string }
  | { readonly state: "refused"; readonly reason: string; readonly undeliverable: boolean }
  | { readonly state: "stop"; readonly reason: string };

/** Sends letters, one at a time. `send` never throws: every fault is one of the results. */
export type Mailer = { send(letter: OutgoingLetter): Promise<SendResult> };

// What Postmark's error codes mean: https://postmarkapp.com/developer/api/overview#error-codes
const BAD_TOKEN = 10;
const MAINTENANCE = 100;
const INACTIVE_RECIPIENT = 406;
// Sender not set up or not confirmed, out of credits, account not approved or closed: the letter is not at fault.
const ACCOUNT_FAULTS = new Set([400, 401, 405, 412, 413]);

const REASON_LENGTH = 300;

const answer = v.object({
  ErrorCode: v.number(),
  Message: v.fallback(v.string(), ""),
  MessageID: v.fallback(v.string(), ""),
});

/**
 * Opens the way out through Postmark's API.
 *
 * @param apiUrl https or http (the local stand-in), with or without a path
 * @param from the sender as it stands in the mail, at a domain that Postmark has confirmed
 * @param timeoutMs deadline for one letter, from connecting to the last byte of the answer
 */
export function openPostmarkMailer({ token, apiUrl, from, timeoutMs = 10_000 }: MailerSettings): Mailer {
  const url = new URL(apiUrl);
  const client = new ServerClient(token, {
    useHttps: url.protocol === "https:",
    requestHost: url.host + url.pathname.replace(/\/+$/, ""),
    timeout: timeoutMs / 1000,
    fetch: fetchOnce,
  });
  return {
    async send(letter) {
      try {
        return resultOfAnswer(await client.sendEmail(messageOf(letter, from)));
      } catch (error) {
        return resultOfError(error);
      }
    },
  };
}

type MailerSettings = {
  readonly token: string;
  readonly apiUrl: string;
  readonly from: string;
  readonly timeoutMs?: number;
};

function messageOf(letter: OutgoingLetter, from: string): Models.Message {
  return {
    From: from,
    To: letter.to,
    Subject: letter.subject,
    TextBody: letter.text,
    HtmlBody: letter.html,
    Tag: letter.kind,
    Metadata: { letter_id: letter.id },
    MessageStream: "outbound",
    // Tracking would put Postmark's address in the place of our links, and tell a third party who reads what.
    TrackOpens: false,
    TrackLinks: Models.LinkTrackingOptions.None,
    Headers: [
      // Keeps autoresponders from answering (https://www.rfc-editor.org/rfc/rfc3834#section-5).
      { Name: "Auto-Submitted", Value: "auto-generated" },
      ...(letter.stopUrl === undefined ? [] : [{ Name: "List-Unsubscribe", Value: `<${letter.stopUrl}>` }]),
    ],
  };
}

/** The client would follow a redirect and hand the token to wherever it leads, and hides why a connection failed. */
async function fetchOnce(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(input, { ...init, redirect: "manual" });
  } catch (error) {
    throw new Error(sentenceOf(error), { cause: error });
  }
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/** Anybody between us and Postmark can answer 200 with a page, which the client passes on as a string. */
function resultOfAnswer(body: unknown): SendResult {
  const result = v.safeParse(answer, body);
  if (!result.success) return { state: "retry", reason: "The answer was 200, but not Postmark's JSON." };
  const { ErrorCode, Message, MessageID } = result.output;
  return ErrorCode === 0 ? { state: "sent", providerId: MessageID } : resultOfCode(200, ErrorCode, Message);
}

function resultOfError(error: unknown): SendResult {
  if (!(error instanceof Errors.PostmarkError) || error.statusCode === 0) {
    return { state: "retry", reason: oneLine(`Postmark can't be reached: ${sentenceOf(error)}`) };
  }
  return resultOfCode(error.statusCode, error.code, error.message);
}

/** Codes are looked at only where the body is Postmark's own: their numbers look like HTTP statuses and are none. */
function resultOfCode(status: number, code: number, message: string): SendResult {
  const reason = oneLine(`Postmark answered ${status}, error ${code}: ${message}`);
  if (status === 401 || code === BAD_TOKEN) return { state: "stop", reason };
  if ((status === 200 || status === 422) && code !== 0 && code !== MAINTENANCE) {
    if (ACCOUNT_FAULTS.has(code)) return { state: "stop", reason };
    return { state: "refused", reason, undeliverable: code === INACTIVE_RECIPIENT };
  }
  // Too large, or sent with wrong headers: the same letter meets the same answer.
  if (status === 413 || status === 415) return { state: "refused", reason, undeliverable: false };
  return { state: "retry", reason };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, REASON_LENGTH);
}
