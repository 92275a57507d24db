import { accountDebit } from "../account-debit.ts";
import { institution, sentence } from "../institution.ts";
import { US } from "../writing.ts";

/**
 * Huntington's account alerts. They hold two more amounts, the person's own limit and the balance, so that only the
 * sentence counts; they name the account by its nickname, and no time but that of the balance. Which domain signs them
 * was never seen.
 */
export const huntington = institution({
  id: "huntington",
  name: "Huntington",
  senders: ["huntingtonalerts@email.huntington.com"],
  dkimDomains: [],
  writing: US,
  layouts: [
    accountDebit(
      sentence({
        name: "withdrawal",
        sample: "real",
        kind: "purchase",
        sentence: "We've processed an ACH withdrawal for {amount} at {merchant} from your account nicknamed ",
      }),
    ),
    sentence({
      name: "transfer-out",
      sample: "real",
      kind: "transfer",
      sentence: "We've processed a transfer withdrawal for {amount} from your account nicknamed ",
      merchant: "transfer withdrawal",
    }),
    sentence({
      name: "transfer-in",
      sample: "real",
      kind: "transfer",
      sentence: "We've processed a transfer deposit for {amount} to your account nicknamed ",
      merchant: "transfer deposit",
    }),
    sentence({
      name: "deposit-from",
      sample: "real",
      kind: "deposit",
      sentence: "We've processed an ACH deposit for {amount} from {merchant} to your account nicknamed ",
    }),
    sentence({
      name: "deposit",
      sample: "real",
      kind: "deposit",
      sentence: "We've processed a deposit for {amount} to your account nicknamed ",
      merchant: "deposit",
    }),
  ],
});
