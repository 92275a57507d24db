import { alertAddress, newToken } from "../access/tokens.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { accountingOf } from "./accounting.ts";
import { alertAddressesOf } from "./alert-addresses.ts";
import { page, redirect } from "./answers.ts";
import { frameOf } from "./frame.ts";
import { connectPage, type SampleState } from "./pages/connect.ts";
import { zoned } from "./purchase-rows.ts";

/** `GET /connect`: the private alert address, how to let a bank write to it, and what has come of it so far. */
export async function connect(request: Request, app: App, person: Session): Promise<Response> {
  const { accountId, timeZone } = person;
  const lastMailAt = await app.store.lastMailAt(accountId);
  const requests = await app.store.confirmations(accountId);
  const { status, ...addresses } = await alertAddressesOf(person, new URL(request.url).searchParams.get("done"), app);
  return page(
    connectPage({
      frame: await frameOf(person, app, status),
      now: app.now().toZonedDateTimeISO(timeZone),
      addresses,
      lastMail: lastMailAt === null ? null : zoned(lastMailAt, timeZone),
      accounting: await accountingOf(person, app),
      sample: await sampleState(app, person),
      requests: requests.map(({ receivedAt, settledAt, ...request }) => ({
        ...request,
        at: zoned(settledAt ?? receivedAt, timeZone),
      })),
    }),
  );
}

/** `POST /connect/sample`: a letter to the person's own alert address, which comes back as a sample purchase. */
export async function sendSample(_request: Request, app: App, person: Session): Promise<Response> {
  const isMade = await app.store.requestSample({
    code: newToken(app.random, 10),
    letterId: newToken(app.random, 10),
    accountId: person.accountId,
    to: await addressOf(person.accountId, app),
    at: app.now(),
  });
  if (!isMade) throw new AppError("rate_limited", "A sample alert is on its way already. Please wait a minute.");
  app.wake("outbox");
  return redirect("/connect");
}

async function addressOf(accountId: string, app: App): Promise<string> {
  const account = await app.store.account(accountId);
  if (account === null) throw new AppError("not_found", "This account is gone.");
  return alertAddress(account.alertToken, app.config.domain);
}

async function sampleState(app: App, { accountId, timeZone }: Session): Promise<SampleState> {
  const arrived = await app.store.samplePurchase(accountId);
  if (arrived !== null) return { state: "arrived", at: zoned(arrived.occurredAt, timeZone), purchaseId: arrived.id };
  const askedAt = await app.store.sampleAskedAt(accountId);
  return askedAt === null ? { state: "none" } : { state: "sent", at: zoned(askedAt, timeZone) };
}
