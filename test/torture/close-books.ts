import { interpreted } from "./kept-mails.ts";
import { NO_FAULTS, type Ledger } from "./ledger.ts";
import type { Service } from "./service.ts";

/** What `closeBooks` finds when all is well. */
export const ALL_WELL = { before: NO_FAULTS, afterwards: NO_FAULTS, notStored: 0, notBooked: 0, exitCode: 0 };

/**
 * The end of a scenario, with a service that is well again: what was acknowledged is there; then all is delivered again and
 * interpreted, and everything is there and booked, once. Prints the ledger, and stops the service.
 */
export async function closeBooks(title: string, ledger: Ledger, service: Service, dataDir: string) {
  const totals = ledger.totals();
  const before = ledger.audit(dataDir);
  await ledger.redeliver(service.url);
  await interpreted(dataDir);
  const after = ledger.audit(dataDir);
  const { sent, alerts, acknowledged, refused, unknown } = totals;
  say(
    `${title}: sent ${sent}, acknowledged ${acknowledged}, refused ${refused}, unknown ${unknown}; ` +
      `stored ${before.stored}, lost ${before.faults.lost.length}; delivered again: stored ${after.stored}, ` +
      `booked ${after.booked}; ${ledger.totals().seconds.toFixed(1)} s`,
  );
  return {
    before: before.faults,
    afterwards: after.faults,
    notStored: sent - after.stored,
    notBooked: alerts - after.booked,
    exitCode: await service.stop(),
  };
}

/** Prints a line of results. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
