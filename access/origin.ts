import type { Signature, SignatureCheck, SignatureDefect } from "./dkim.ts";

/** What is known of a mail's origin. */
export type MailFacts = {
  /** Of the mail itself; of a mail forwarded by hand, of the forward. */
  readonly signature: SignatureCheck;
  /** Our provider says that the author's domain signed it. Counts only when it did not hand the raw mail on. */
  readonly providerAligned: boolean;
  /** Of the alert, which a forward holds inside; bare, lower case. */
  readonly sender: string;
  /** Who forwarded it by hand; bare, lower case. Null when nobody did. */
  readonly forwardedBy: string | null;
  /** Domains whose signatures are the institution's; empty when it is not known to sign, null when there is none. */
  readonly pinnedDomains: readonly string[] | null;
  readonly receivedAt: Temporal.Instant;
  readonly now: Temporal.Instant;
};

/** What the account that a mail was sent to has and wants. Addresses are bare and in lower case. */
export type Recipient = {
  /** Whether it is a proven address or a live alert address of the account. */
  readonly isOwn: (address: string) => boolean;
  /** Whether it is a proven address of the account. */
  readonly isProven: (address: string) => boolean;
  /** What `route` of a suspect mail said when the person chose to trust it. */
  readonly trustedRoutes: ReadonlySet<string>;
  /** Only what the bank itself signed may be booked. */
  readonly requiresSignature: boolean;
  /** Local mode: nothing comes from outside. */
  readonly isLocal: boolean;
};

/** Where a mail comes from. A reason is a sentence for its person, and may name addresses: it is not for logs. */
export type Origin =
  | { readonly verdict: "bank-signed"; readonly signedBy: string }
  | { readonly verdict: "addressed"; readonly reason: string }
  /** Not known yet: to be asked again, at the latest when the wait is over. */
  | { readonly verdict: "unverified"; readonly reason: string }
  /**
   * Never booked by itself. `route` names the sender and what is wrong, so that trusting it trusts nothing else; null
   * when it must not be trusted.
   */
  | { readonly verdict: "suspect"; readonly reason: string; readonly route: string | null };

/** How long after its receipt a mail's signature may stay unchecked. Then the mail counts as unsigned. */
const SIGNATURE_WAIT = { hours: 24 };
/** A mail takes its time through forwarders, but what is older may be somebody's replay. */
const MAX_AGE = { hours: 7 * 24 };
/** Senders' clocks run ahead. */
const MAX_AHEAD = { hours: 24 };

const REASONS: Readonly<Record<SignatureDefect, string>> = {
  doubled: "Something that a mail has once is in it twice, such as its subject or its sender.",
  author: "It does not have one clear sender.",
  malformed: "It is written so that it can be read in two ways.",
  too_large: "It is far larger than any alert.",
  too_many: "It carries more signatures than any real mail.",
  partial: "Its signature leaves room for words that anybody could add.",
  uncovered: "Its signature does not cover who wrote it, to whom, when and about what.",
  weak: "Its signature is too weak to be believed.",
  expired: "Its signature had expired when it came.",
  no_key: "The sender does not, or no longer, stand by its signature.",
  changed: "It is not what its sender signed.",
  unusable: "Its signature cannot be checked.",
};

/** These come from mail programs and servers on the way now and then; the others, from somebody's intent. */
const TRUSTABLE: readonly SignatureDefect[] = ["uncovered", "expired", "no_key", "changed", "unusable"];

/**
 * Decides whether a mail is what it seems to be, for the account at whose live alert address it came in.
 *
 * The account's wishes come last: a trusted route clears exactly that suspicion, and whoever requires the bank's
 * signature gets nothing less, in local mode too.
 */
export function originOf(facts: MailFacts, recipient: Recipient): Origin {
  const origin = established(originOfItself(facts, recipient), recipient);
  if (origin.verdict !== "addressed" || !recipient.requiresSignature) return origin;
  return suspect("You want only what the bank itself signed to be booked, and it did not sign this.", null);
}

/**
 * Whether the author's own domain signed the mail, or a given domain that may speak for the author. Without the raw mail
 * our provider's word counts.
 */
export function isAuthorSigned(
  { signature, providerAligned }: Pick<MailFacts, "signature" | "providerAligned">,
  domain?: string,
): boolean {
  if (signature.state === "no_raw_mail") return providerAligned;
  if (signature.state !== "valid") return false;
  return domain === undefined || signature.signatures.some((one) => one.domain === domain);
}

function established(origin: Origin, { isLocal, trustedRoutes }: Recipient): Origin {
  if (origin.verdict === "bank-signed" || origin.verdict === "addressed") return origin;
  if (isLocal) return addressed("Nobody outside can send mail here.");
  const isTrusted = origin.verdict === "suspect" && origin.route !== null && trustedRoutes.has(origin.route);
  return isTrusted ? addressed("You trust this route.") : origin;
}

function originOfItself(facts: MailFacts, recipient: Recipient): Origin {
  const { signature, receivedAt, now } = facts;
  switch (signature.state) {
    case "broken": {
      const route = TRUSTABLE.includes(signature.defect) ? routeOf(facts, signature.defect) : null;
      return suspect(REASONS[signature.defect], route);
    }
    case "unchecked":
      return Temporal.Instant.compare(now, receivedAt.add(SIGNATURE_WAIT)) < 0
        ? { verdict: "unverified", reason: "Its signature could not be checked yet. We try again for a day." }
        : originOfUnsigned(facts, recipient);
    case "valid":
      return originOfSigned(signature.signatures, facts, recipient);
    case "recovered":
      return originOfRecovered(facts, recipient);
    case "absent":
    case "no_raw_mail":
      return originOfUnsigned(facts, recipient);
  }
}

function originOfSigned(signatures: readonly Signature[], facts: MailFacts, recipient: Recipient): Origin {
  const { pinnedDomains, forwardedBy } = facts;
  // They all cover the same To. A genuine mail to somebody else, sent on to this account, ends here.
  const signedTo = new Set(signatures.flatMap((signature) => signature.signedTo));
  if (![...signedTo].some(recipient.isOwn)) return suspectedReplay([...signedTo], facts);
  if (forwardedBy !== null) return originOfForward(forwardedBy, facts, recipient);
  const pinned = signatures.filter(({ domain }) => pinnedDomains?.includes(domain));
  const recent = pinned.find((signature) => isRecent(signature, facts.receivedAt));
  if (recent !== undefined) return { verdict: "bank-signed", signedBy: recent.domain };
  if (pinned.length > 0) return addressed("The bank signed it, but not in the days before it came.");
  const signer = signatures[0]?.domain ?? "";
  if (!isKnownToSign(facts)) return addressed(`It is signed by ${signer}.`);
  return suspect(
    `It is signed by ${signer}, not by a name that we know as the bank's.`,
    routeOf(facts, "signed-by", signer),
  );
}

function suspectedReplay(signedTo: readonly string[], facts: MailFacts): Origin {
  const [address, ...more] = signedTo;
  if (address === undefined) {
    return suspect("Its signature does not say that it was written to you.", routeOf(facts, "to", "nobody"));
  }
  const route = more.length === 0 ? routeOf(facts, "to", address) : null;
  return suspect(`It was written to ${signedTo.join(", ")}, which is not an address of yours.`, route);
}

function originOfUnsigned(facts: MailFacts, recipient: Recipient): Origin {
  if (facts.forwardedBy !== null) return originOfForward(facts.forwardedBy, facts, recipient);
  if (isAuthorSigned(facts)) return addressed("Our mail provider says that its sender signed it.");
  if (!isKnownToSign(facts)) return addressed("This sender is not known to sign its mails.");
  const reason =
    facts.signature.state === "unchecked"
      ? "The bank signs its mails, and for a day the signature of this one could not be checked."
      : "The bank signs its mails, and this one is not signed.";
  return suspect(reason, routeOf(facts, "unsigned"));
}

/** Only its address speaks for it: nobody but its person and whoever writes to them knows that. */
function originOfRecovered(facts: MailFacts, { isProven }: Recipient): Origin {
  const { forwardedBy, signature } = facts;
  // A forger makes such a mail at will: the webhook refuses what is too large, and its archived copy is small.
  if (signature.state === "recovered" && signature.neverAcknowledged === true) {
    return suspect("Recovered, signature not checkable, and we had never taken it before.", null);
  }
  if (forwardedBy === null || isProven(forwardedBy)) return addressed("Recovered, signature not checkable.");
  const reason = `It was forwarded by ${forwardedBy}, which is not an address of yours.`;
  return suspect(reason, routeOf(facts, "unproven-unsigned"));
}

/** The forward is the forwarder's mail: whoever wrote the alert inside, the forwarder vouches for it. */
function originOfForward(forwardedBy: string, facts: MailFacts, recipient: Recipient): Origin {
  const isSigned = isAuthorSigned(facts);
  if (!recipient.isProven(forwardedBy)) {
    const reason = `It was forwarded by ${forwardedBy}, which is not an address of yours.`;
    return suspect(reason, routeOf(facts, isSigned ? "unproven" : "unproven-unsigned"));
  }
  if (!isSigned) return suspect(`Anybody could have forwarded it as ${forwardedBy}.`, routeOf(facts, "unsigned"));
  return addressed("You forwarded it yourself.");
}

function isRecent({ signedAt }: Signature, receivedAt: Temporal.Instant): boolean {
  if (signedAt === null) return false;
  const oldest = receivedAt.subtract(MAX_AGE).epochMilliseconds;
  return signedAt >= oldest && signedAt <= receivedAt.add(MAX_AHEAD).epochMilliseconds;
}

function isKnownToSign({ pinnedDomains }: MailFacts): boolean {
  return pinnedDomains !== null && pinnedDomains.length > 0;
}

function addressed(reason: string): Origin {
  return { verdict: "addressed", reason };
}

function suspect(reason: string, route: string | null): Origin {
  return { verdict: "suspect", reason, route };
}

/** Words apart by blanks, so that no sender can write another's route: an address with a blank in it has none. */
function routeOf({ sender, forwardedBy }: MailFacts, ...doubt: string[]): string | null {
  const words = [sender, ...(forwardedBy === null ? [] : ["forwarded-by", forwardedBy]), ...doubt];
  return words.every((word) => /^\S+$/.test(word)) ? words.join(" ") : null;
}
