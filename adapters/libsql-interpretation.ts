import type { SignUp } from "./libsql-accounts.ts";
import type { NewPurchase } from "./libsql-book.ts";

/** What became of a mail. */
export type MailOutcome =
  | "booked"
  | "not_a_purchase"
  | "review"
  /** Its signature can't be checked just now; it waits and is tried again. */
  | "unverified"
  | "duplicate"
  /** It carried other mails, which are interpreted each by itself. */
  | "carrier"
  /** Signed by a bank and sent to the shared address, for a mailbox that no account has proven yet. */
  | "held"
  | "ours"
  | "confirmation"
  | "signup"
  | "unreadable"
  | "unknown_recipient";

/** The interpretation of one mail, to be written as one. */
export type Interpretation = {
  readonly mailId: string;
  readonly accountId: string | null;
  readonly outcome: MailOutcome;
  readonly reason: string;
  readonly institution: string | null;
  readonly sender: string;
  readonly subject: string;
  readonly mailDate: number | null;
  readonly interpretedAt: number;
  /** What pages show of it, as JSON; null when it could not be read. */
  readonly reading: string | null;
  /** What takes the place of the kept body, compressed with zstd; null when that stays as it came. */
  readonly payload: Uint8Array | null;
  /** What makes two deliveries the same mail; null for what is not told apart. */
  readonly identity: { readonly messageIds: readonly string[]; readonly bodySha256: string } | null;
  /** What was found out about its origin, as JSON; null when nothing was asked. */
  readonly originCheck: string | null;
  /** How sure its origin is; null for what no origin is asked of. */
  readonly verdict: "bank-signed" | "addressed" | "unverified" | "suspect" | null;
  /** The domain whose signature holds. */
  readonly signedBy: string | null;
  /** What trusting this mail's way would trust. */
  readonly routeInDoubt: string | null;
  /** The mailbox that it was signed for, when it belongs to no account yet. */
  readonly heldFor: string | null;
  /** The letter that tells that mailbox; it goes out once. */
  readonly heldLetterId: string | null;
  /** When to try again, in milliseconds since 1970; null for a mail that is done. */
  readonly tryAgainAt: number | null;
  /** The rule that it was read by; null for what a parser reads. */
  readonly ruleId: string | null;
  /** What it counts as spending. Bookings of an earlier interpretation keep their positions, see `ledger/reconcile-events.ts`. */
  readonly purchases: readonly NewPurchase[];
  /** Positions of bookings that nothing in the mail stands for any more. */
  readonly withdrawn: readonly number[];
  /** The mails that it carried, to be kept and interpreted. */
  readonly carried: readonly CarriedMail[];
  /** The code of the sample alert this claims to be; it counts once and for its own account only. */
  readonly sampleCode: string | null;
  readonly confirmation: {
    readonly requester: string | null;
    readonly code: string | null;
    readonly link: string | null;
    /** Whether all is sure enough that we confirm it without being asked. */
    readonly isDue: boolean;
  } | null;
  readonly signUp: SignUp | null;
};

/** What was booked for one event of a mail, as that mail was read then. */
export type BookedEvent = Pick<
  NewPurchase,
  "position" | "amountMinor" | "currency" | "merchant" | "occurredAt" | "occurredOn" | "kind"
> & {
  /** Whether it counts no more, or the person had a hand in it: then it is not for a reading to withdraw. */
  readonly isSettled: boolean;
};

/** A mail that hung on another one. */
export type CarriedMail = {
  readonly id: string;
  readonly payload: Uint8Array;
  readonly payloadSha256: Uint8Array;
  readonly originCheck: string;
};
