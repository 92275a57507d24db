import { institution, notice, sentence } from "../institution.ts";
import { SINGAPORE } from "../writing.ts";

const CARD = "A transaction of {amount} was made with your UOB Card ending {card} on {when} at {merchant}";

const SCHEDULED = [
  ["scheduled", "transfer"],
  ["scheduled-fast", "FAST transfer"],
] as const;

const ARRIVED = [
  ["paynow-arrived", "PayNow transfer"],
  ["fast-arrived", "FAST funds transfer"],
] as const;

/**
 * UOB's alerts in Singapore: one sentence each, wrapped anywhere, above a disclaimer. Bill payments to others than UOB's
 * own cards are not understood: who is paid may be a shop or another card's issuer. Which domain signs the mails was never
 * seen.
 */
export const uob = institution({
  id: "uob",
  name: "UOB",
  senders: ["unialerts@uobgroup.com"],
  dkimDomains: [],
  writing: SINGAPORE,
  layouts: [
    notice({
      name: "statement",
      sample: "described",
      subject: "Your eStatement/eAdvice is ready for viewing",
      reason: "A statement repeats what alerts say.",
    }),
    sentence({
      name: "card",
      sample: "real",
      kind: "purchase",
      sentence: `${CARD}. If unauthorised`,
    }),
    // Only without the words above, since a shop's name may be wrapped behind a full stop.
    sentence({
      name: "card-without-hotline",
      sample: "described",
      kind: "purchase",
      sentence: `${CARD}.\n`,
    }),
    sentence({
      name: "reversed",
      sample: "real",
      kind: "reversal",
      sentence:
        "A transaction of {amount} made with your UOB card ending {card} on {when} at {merchant} has been reversed.",
    }),
    sentence({
      name: "nets-qr",
      sample: "real",
      kind: "purchase",
      sentence: "You made a NETS QR payment of {amount} to {merchant} on your a/c ending {card} at {when}.",
    }),
    sentence({
      name: "atm",
      sample: "described",
      kind: "withdrawal",
      sentence: "ATM Cash Withdrawal of {amount} was performed on your UOB account ending with {card} at {when}.",
      merchant: "ATM withdrawal",
    }),
    sentence({
      name: "paynow-sent",
      sample: "real",
      kind: "transfer",
      sentence: "You made a PayNow transfer of {amount} to {merchant} on your a/c ending {card} at {when}.",
    }),
    sentence({
      name: "paynow-sent-2023",
      sample: "real",
      kind: "transfer",
      sentence: "You made a PayNow transfer of {amount} to {merchant} at {when}.",
    }),
    sentence({
      name: "transfer",
      sample: "real",
      kind: "transfer",
      sentence:
        "You made/scheduled a funds transfer(s) of {amount} to {merchant} from your a/c ending {card} at {when}.",
    }),
    ...SCHEDULED.map(([name, what]) =>
      sentence({
        name,
        sample: "real",
        kind: "transfer",
        sentence: `Your scheduled ${what} of {amount} to {merchant} from your a/c ending {card} at {when}, was successful`,
      }),
    ),
    sentence({
      name: "card-payment",
      sample: "real",
      kind: "card_payment",
      sentence: "You made/scheduled a bill payment(s) of {amount} to UOB Cards on your a/c ending {card} at {when}.",
      merchant: "UOB Cards",
    }),
    sentence({
      name: "received",
      sample: "real",
      kind: "deposit",
      sentence: "You have received {amount} in your PayNow-linked account ending {card} on {when}.",
      merchant: "PayNow",
    }),
    // These follow the mails above, without an amount.
    ...ARRIVED.map(([name, what]) =>
      notice({
        name,
        sample: "real",
        says: [`Your ${what} to`, "is successful"],
        reason: "That a transfer arrived is no transaction of its own.",
      }),
    ),
  ],
});
