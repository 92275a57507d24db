import type { ClaimedLetter } from "../adapters/libsql-letters.ts";
import type { SendResult } from "../adapters/postmark.ts";
import type { App, Summary } from "../app.ts";
import { composeLetter } from "./compose-letter.ts";

// Sent one after another: all of them must be through well before the lease ends.
const BATCH = 10;
// Longer than a sending can take, so that a letter is not sent by two.
const LEASE_MS = 120_000;
// After that many tries in about two days the letter is of no use to anybody.
const MAX_ATTEMPTS = 18;
const FIRST_RETRY_MS = 15_000;
const LONGEST_RETRY_MS = 6 * 60 * 60_000;

/**
 * Sends a batch of the letters that are due, and asks to go on when there may be more. A letter is tried again until the
 * provider takes it or refuses it for good.
 */
export async function outbox(app: App): Promise<Summary> {
  const summary = { sent: 0, delayed: 0, refused: 0 };
  const letters = await app.store.claimLetters(app.now(), LEASE_MS, BATCH);
  let tried = 0;
  for (const letter of letters) {
    // One letter may take the provider's whole deadline; a stop does not wait for ten.
    if (app.stopping.aborted) break;
    const became = await sendLetter(letter, app);
    if (became !== "not needed") summary[became] += 1;
    tried += 1;
  }
  await app.store.releaseLetters(letters.slice(tried).map(({ id }) => id));
  if (letters.length === BATCH) app.wake("outbox");
  return summary;
}

async function sendLetter(claimed: ClaimedLetter, app: App): Promise<"sent" | "delayed" | "refused" | "not needed"> {
  const { id, kind, attempts } = claimed;
  const result = await trySending(claimed, app);
  if (result === "not needed") {
    await app.store.dropLetter(id);
    return result;
  }
  if (result.state === "sent") {
    await app.store.letterSent(id, result.providerId, app.now());
    return "sent";
  }
  if (result.state === "refused" || attempts >= MAX_ATTEMPTS) {
    await app.store.letterRefused(id, result.reason);
    app.log.warn({ letter: id, kind, attempts }, "letter refused");
    return "refused";
  }
  if (result.state === "stop")
    app.log.error({ letter: id }, "the mail provider refuses all letters: check its account");
  await app.store.letterDelayed(id, result.reason, app.now().add({ milliseconds: retryMs(attempts) }));
  return "delayed";
}

/** A bug about one letter is logged and must not hold the others up. */
async function trySending(claimed: ClaimedLetter, app: App): Promise<SendResult | "not needed"> {
  const { id, kind, to } = claimed;
  try {
    const letter = await composeLetter(claimed, app);
    if (letter === "not needed") return letter;
    if (letter !== null) return await app.mailer.send({ id, kind, to, ...letter });
    app.log.error({ letter: id, kind }, "letter cannot be composed");
    return { state: "refused", reason: `No letter of kind ${kind} can be made of its details.`, undeliverable: false };
  } catch (error) {
    app.log.error({ err: error, letter: id, kind }, "unexpected error");
    return { state: "retry", reason: "Something broke while it was made." };
  }
}

function retryMs(attempts: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS);
}
