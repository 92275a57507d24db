import type { Confirmation } from "../adapters/confirm-forwarding.ts";
import type { ClaimedConfirmation } from "../adapters/libsql-confirmations.ts";
import type { App, Summary } from "../app.ts";

// Longer than an exchange with Google can take, so that two never press at once.
const LEASE_MS = 60_000;
// Somebody is waiting in front of Gmail's settings: after that they had better press themselves.
const RETRY_MINUTES = [1, 5, 25];

/**
 * Confirms the requests to forward that are due, each on its own. One that Google can't be asked about just now is
 * tried a few times more and then left to a click of its person.
 */
export async function confirmForwarding(app: App): Promise<Summary> {
  const summary = { confirmed: 0, refused: 0, unreachable: 0 };
  while (!app.stopping.aborted) {
    const claimed = await app.store.claimConfirmation(app.now(), LEASE_MS);
    if (claimed === null) break;
    summary[await confirm(claimed, app)] += 1;
  }
  return summary;
}

async function confirm({ mailId, link, attempts }: ClaimedConfirmation, app: App): Promise<Confirmation> {
  // Beyond the last try, one or more never came to their end: whatever ended them, it is not done again.
  const isGivenUp = attempts > RETRY_MINUTES.length + 1;
  const outcome = isGivenUp ? "unreachable" : await app.confirmForwarding(link);
  if (outcome === "unreachable") {
    const minutes = RETRY_MINUTES[attempts - 1];
    await app.store.confirmationDelayed(mailId, minutes === undefined ? null : app.now().add({ minutes }));
  } else {
    await app.store.confirmationDone(mailId, outcome, app.now());
  }
  return outcome;
}
