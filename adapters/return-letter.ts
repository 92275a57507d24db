import { setTimeout as pause } from "node:timers/promises";

import { composeMail } from "./compose-mail.ts";
import { emlToInbound } from "./eml-to-inbound.ts";
import type { PostmarkMessage } from "./postmark-message.ts";

/** A letter on its way to one of our own addresses. */
export type ReturningLetter = {
  readonly message: PostmarkMessage;
  readonly messageId: string;
  readonly sentAt: Temporal.Instant;
  readonly recipient: string;
};

// Short at first: someone waits for the sample alert. Long enough in all for a webhook that is being restarted.
const PAUSES_MS = [0, 20, 200, 1000, 5000];

/**
 * Mails a letter back to us: as an inbound payload to the webhook, again and again while that is not ready.
 *
 * @param deliver posts a payload to the webhook and returns its status
 * @param stop gives up at the next pause
 * @returns whether the webhook took it
 */
export async function returnLetter(
  { message, messageId, sentAt, recipient }: ReturningLetter,
  deliver: (payload: Record<string, unknown>) => Promise<number>,
  stop: AbortSignal,
): Promise<boolean> {
  const raw = composeMail({
    from: message.From,
    to: message.To,
    subject: message.Subject,
    text: message.TextBody,
    html: message.HtmlBody,
    messageId: `${messageId}@mtasv.net`,
    date: sentAt,
    headers: {
      ...Object.fromEntries(message.Headers.map(({ Name, Value }) => [Name, Value])),
      "X-PM-Message-Id": messageId,
      ...(message.Tag === "" ? {} : { "X-PM-Tag": message.Tag }),
    },
  });
  const sender = `pm_bounces@pm-bounces.${recipient.slice(recipient.lastIndexOf("@") + 1)}`;
  // One payload for all tries, because Postmark keeps a mail's MessageID when it tries again.
  const inbound = await emlToInbound(raw, { recipient, sender, receivedAt: sentAt, aligned: true });
  // Postmark would have signed it. It hands the raw mail on only when it is set to, and then that would show.
  const { RawEmail: _unsigned, ...payload } = inbound;
  for (const pauseMs of PAUSES_MS) {
    await pause(pauseMs, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) return false;
    if ((await deliver(payload).catch(() => 0)) === 200) return true;
  }
  return false;
}
