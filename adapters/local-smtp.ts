import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";

import type { DeliverInbound } from "./deliver-inbound.ts";
import { emlToInbound } from "./eml-to-inbound.ts";

export type LocalSmtpSettings = {
  /** 0 for any free one. */
  readonly port: number;
  /** A loopback address: whoever can connect can mail any account. */
  readonly host: string;
  /** The name that the server greets with. */
  readonly domain: string;
  readonly deliver: DeliverInbound;
  readonly log: { warn(fields: object, message: string): void };
  /** Whether mail arrives as if its author's domain had signed it; true unless a test says otherwise. */
  readonly aligned?: boolean;
};

/** The SMTP server while it runs. */
export type LocalSmtp = { readonly port: number; close(): Promise<void> };

// Idle clients are let go after this; a mail on its way is then sent again by its sender.
const CLOSE_TIMEOUT_MS = 1000;
// Postmark's bound for a mail with its attachments.
const MAIL_BYTES = 35 * 1024 * 1024;

/**
 * Starts an SMTP server that stands in for Postmark's: each recipient's copy of a mail is posted to the real webhook,
 * and the mail counts as accepted only when all were answered 200. Otherwise the sender is told to try again. It
 * accepts any recipient, as mail reaches Postmark whoever it is addressed to.
 *
 * @throws the system's error (`code` EADDRINUSE, EACCES …) when it can't listen there
 */
export async function startLocalSmtp(settings: LocalSmtpSettings): Promise<LocalSmtp> {
  const server = new SMTPServer({
    name: settings.domain,
    size: MAIL_BYTES,
    authOptional: true,
    // Test clients often bring credentials along; nothing is encrypted on loopback.
    onAuth: (_auth, _session, callback) => callback(null, { user: "local" }),
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    closeTimeout: CLOSE_TIMEOUT_MS,
    onData(stream, session, callback) {
      receive(stream, session, settings).then(
        () => callback(null, "Kept"),
        (error: unknown) => callback(asReply(error, settings)),
      );
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(settings.port, settings.host, () => {
      const address = server.server.address();
      resolve(typeof address === "object" && address !== null ? address.port : settings.port);
    });
  });
  server.removeAllListeners("error");
  // A connection that breaks off is reported here, and would end the process when nobody listened.
  server.on("error", (error) => settings.log.warn({ err: error }, "An SMTP connection failed"));
  return {
    port,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** What the sender is told instead of "accepted". */
class SmtpReply extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

async function receive(
  stream: SMTPServerDataStream,
  { envelope: { mailFrom, rcptTo } }: SMTPServerSession,
  { deliver, aligned = true }: LocalSmtpSettings,
): Promise<void> {
  const raw = await read(stream);
  if (raw === null) throw new SmtpReply(552, `The mail is larger than ${MAIL_BYTES} bytes`);
  const sender = mailFrom === false ? "" : mailFrom.address;
  const receivedAt = Temporal.Now.instant();
  for (const { address: recipient } of rcptTo) {
    const status = await deliver(await emlToInbound(raw, { recipient, sender, receivedAt, aligned }));
    if (status !== 200) throw new SmtpReply(451, `Not kept, please try again: the webhook answered ${status}`);
  }
}

/** The whole mail, or null when it is too large; read to its end, because the answer comes after it. */
async function read(stream: SMTPServerDataStream): Promise<Uint8Array | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    if (stream.sizeExceeded) chunks.length = 0;
    else chunks.push(Buffer.from(chunk));
  }
  return stream.sizeExceeded ? null : Buffer.concat(chunks);
}

function asReply(error: unknown, { log }: LocalSmtpSettings): Error {
  if (error instanceof SmtpReply) return error;
  log.warn({ err: error }, "A mail that came by SMTP was not kept");
  return new SmtpReply(451, "Not kept, please try again: the webhook could not be reached");
}
