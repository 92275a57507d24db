import { isConfirmationLink } from "../parsers/confirmation-link.ts";
import { GMAIL_CONFIRMATION_SENDER } from "../parsers/gmail-confirmation.ts";

/** What is known of a mail in which Gmail asks to confirm forwarding. */
export type ConfirmationRequest = {
  /** The one From, bare and in lower case. */
  readonly from: string;
  /** Domains of the signatures that hold and are aligned with that From. What a provider says of a mail is none. */
  readonly signedBy: readonly string[];
  readonly route: "alert" | "shared" | "signup" | "none" | "unreadable";
  /** Whether the alert address is a live one. */
  readonly hasAccount: boolean;
  /** The mailbox that asks, as the mail names it. */
  readonly requester: string | null;
  /** Whether that account has proven the address to be its own. */
  readonly isProven: (address: string) => boolean;
  /** The only link in the mail that confirms. */
  readonly link: string | null;
};

/**
 * Whether a request to forward may be confirmed without asking its person: only when Google itself wrote to a live
 * alert address that a mailbox wants to forward which its account has proven to be its own. Google signs more than
 * that, and much of it in words of a stranger's choosing (invitations, answers to forms), so the signature alone says
 * little; a stranger who may forward to an alert address can put purchases in front of its person.
 */
export function mayConfirmByItself(request: ConfirmationRequest): boolean {
  const { from, signedBy, route, hasAccount, requester, isProven, link } = request;
  const isGoogles = from === GMAIL_CONFIRMATION_SENDER && signedBy.includes("google.com");
  const isForThem = route === "alert" && hasAccount;
  const isTheirs = requester !== null && isProven(requester);
  return isGoogles && isForThem && isTheirs && link !== null && isConfirmationLink(link);
}
