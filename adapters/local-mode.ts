import { alertAddress } from "../access/tokens.ts";
import type { App, Log } from "../app.ts";
import type { Config } from "../config.ts";
import { DEMO_ADDRESS, deliverHere, ensureAccount } from "../handlers/commands.ts";
import { deliverInbound } from "./deliver-inbound.ts";
import { isTaken } from "./listen-address.ts";
import type { LocalLetter } from "./local-postmark.ts";

/** The world that local mode brings along. */
export type LocalMode = {
  readonly postmarkUrl: string;
  readonly smtpPort: number;
  letters(): readonly LocalLetter[];
  close(): Promise<void>;
};

const SMTP_PORTS_TRIED = 100;

/** Starts the stand-in of Postmark's API and the SMTP port; both hand mails to the real webhook. */
export async function startLocalMode(config: Config, log: Log): Promise<LocalMode> {
  // Loaded here, because a service that is not local needs none of it.
  const { startLocalPostmark } = await import("./local-postmark.ts");
  const { startLocalSmtp } = await import("./local-smtp.ts");
  const [credential = ""] = config.webhookCredentials;
  const deliver = deliverInbound(`http://127.0.0.1:${config.port}/webhook/inbound`, credential);
  const { domain } = config;
  const postmark = await startLocalPostmark({ domain, deliver, log, now: () => Temporal.Now.instant() });
  try {
    const smtp = await onFreePort(config, (port) => startLocalSmtp({ port, host: "127.0.0.1", domain, deliver, log }));
    return {
      postmarkUrl: postmark.url,
      smtpPort: smtp.port,
      letters: () => postmark.letters(),
      async close() {
        await smtp.close();
        await postmark.close();
      },
    };
  } catch (error) {
    await postmark.close();
    throw error;
  }
}

async function onFreePort<T>({ smtpPort, smtpPortIsSet }: Config, start: (port: number) => Promise<T>): Promise<T> {
  for (let port = smtpPort; ; port += 1) {
    try {
      return await start(port);
    } catch (error) {
      if (!isTaken(error) || port === smtpPort + SMTP_PORTS_TRIED) throw error;
      if (smtpPortIsSet) {
        throw new Error(`Port ${port} for SMTP is taken by another program. Set SMTP_PORT to a free one.`, {
          cause: error,
        });
      }
    }
  }
}

/**
 * Feeds three months of invented mails of the demonstration account through the real webhook. Each has an id of its own
 * that is the same at every start: an interrupted feeding goes on, a finished one changes nothing, a later day adds its own.
 */
export async function feedDemo(app: App): Promise<void> {
  await ensureAccount(DEMO_ADDRESS, app);
  const account = await app.store.accountOfAddress(DEMO_ADDRESS);
  if (account === null) return;
  const { demoMails } = await import("./demo-mails.ts");
  const today = app.now().toZonedDateTimeISO(account.timeZone).toPlainDate();
  const recipient = alertAddress(account.alertToken, app.config.domain);
  const mails = demoMails({ recipient, today, zone: account.timeZone });
  await Promise.all(mails.map(({ payload }) => deliverHere(payload, app)));
}
