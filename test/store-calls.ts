import type { Interpretation, MailOutcome } from "../adapters/libsql-interpretation.ts";
import type { NewPurchase, Origin } from "../adapters/libsql-book.ts";
import type { Compared } from "../adapters/libsql-comparisons.ts";
import type { NewReadingRule } from "../adapters/libsql-reading-rules.ts";
import type { Store } from "../adapters/libsql-store.ts";
import { NOW } from "./fake-app.ts";

/** Any call of the store. */
export type StoreCall = Exclude<keyof Store, "close">;
type Arguments<N extends StoreCall> = Parameters<Store[N]>;

/** The account that `fillStore` gives one of everything. */
export const OWNER = "owner";
/** The account that has nothing. */
export const STRANGER = "stranger";

const EVERYTHING = { text: null, from: null, to: null } as const;

let fresh = 0;

/** Every call that acts for an account: what it is called with for one, on things that all belong to OWNER. */
export const callsForAnAccount = {
  account: (id) => [id],
  setTimeZone: (id) => [id, "Asia/Tokyo"],
  revokeLinks: (id) => [id],
  addresses: (id) => [id],
  addressClaims: (id) => [id, NOW],
  claimAddress: (id) => [{ id: `claim-${(fresh += 1)}`, accountId: id, address: `new-${fresh}@example.com`, at: NOW }],
  cancelClaim: (id) => [{ accountId: id, address: "asked@example.com", at: NOW }],
  claimedAddress: (id) => [{ claimId: "claim", accountId: id, epoch: 0 }],
  proveAddress: (id) => [{ claimId: "claim", accountId: id, epoch: 0, at: NOW }],
  removeAddress: (id) => [id, "other@example.com"],
  alertAddresses: (id) => [id],
  replaceAlertAddress: (id) => [{ accountId: id, token: "token-owner", newToken: `token-${(fresh += 1)}`, at: NOW }],
  keepAlertAddress: (id) => [{ accountId: id, token: "token-former", at: NOW }],
  stopAlertAddress: (id) => [{ accountId: id, token: "token-former", at: NOW }],
  resumeAlertAddress: (id) => [{ accountId: id, token: "token-stopped", at: NOW }],
  sessions: (id) => [id, NOW],
  revokeSession: (id) => [id, "session"],
  revokeOtherSessions: (id) => [id, "another session"],
  mail: (id) => [id, "mail-booked"],
  mailsInReview: (id) => [id, null, 100],
  mailsSetAside: (id) => [id, 100],
  countInReview: (id) => [id],
  lastMailAt: (id) => [id],
  countMails: (id) => [id, NOW.subtract({ hours: 1 }), NOW.add({ hours: 1 })],
  listMails: (id) => [id, null, null, 100],
  wasAPurchase: (id) => [{ id: `said-${(fresh += 1)}`, accountId: id, mailId: "mail-no-purchase", at: NOW }],
  confirmations: (id) => [id],
  decide: (id) => [
    {
      id: `decision-${(fresh += 1)}`,
      accountId: id,
      mailId: "mail-review",
      decision: "booked",
      purchases: [aPurchase(id, "mail-review", "person")],
      at: NOW,
    },
  ],
  purchasesBetween: (id) => [id, NOW.subtract({ hours: 1 }), NOW.add({ hours: 1 })],
  searchPurchases: (id) => [id, EVERYTHING, { occurredAt: NOW.epochMilliseconds + 1, id: "" }, 100],
  searchTotals: (id) => [id, EVERYTHING],
  purchase: (id) => [id, "purchase-mail-booked"],
  writtenMerchants: (id) => [id],
  countedBetween: (id) => [
    id,
    { currency: "USD", from: NOW.epochMilliseconds, to: NOW.epochMilliseconds, cameBack: false },
  ],
  purchasesOfMails: (id) => [id, ["mail-booked"]],
  samplePurchase: (id) => [id],
  amendments: (id) => [id, "purchase-mail-booked"],
  amend: (id) => [change(id, "purchase-mail-booked")],
  undoAmendment: (id) => [
    { id: `undo-${(fresh += 1)}`, accountId: id, purchaseId: "purchase-mail-booked", change: null, at: NOW },
  ],
  merchantNames: (id) => [id],
  nameMerchant: (id) => [naming(id, `name-${(fresh += 1)}`, `Shop ${fresh}`)],
  endMerchantName: (id) => [{ id: `end-${(fresh += 1)}`, accountId: id, change: "name", at: NOW }],
  undoMerchantName: (id) => [{ id: `undo-${(fresh += 1)}`, accountId: id, change: "name", at: NOW }],
  requestSample: (id) => [
    {
      code: `code-${(fresh += 1)}`,
      letterId: `letter-${fresh}`,
      accountId: id,
      to: "alerts@wtmm.example.com",
      at: NOW.add({ minutes: 2 }),
    },
  ],
  sampleAskedAt: (id) => [id],
  wantsWeeklyLetter: (id) => [id],
  setWeeklyLetter: (id) => [id, false],
  recipientFacts: (id) => [id, NOW],
  bookedOf: (id) => [id, "mail-booked"],
  trustRoute: (id) => [{ id: `trust-${(fresh += 1)}`, accountId: id, mailId: "mail-in-doubt-too", at: NOW }],
  trustedRoutes: (id) => [id],
  revokeRoute: (id) => [id, "trust", NOW],
  setRequiresSignature: (id) => [id, true],
  readingRules: (id) => [id, "bank@example.com", "rule"],
  allReadingRules: (id) => [id],
  addReadingRule: (id) => [aRule(id, `rule-${(fresh += 1)}`, "mail-unknown")],
  stopReadingRule: (id) => [id, "rule", NOW],
  mailsOfSender: (id) => [id, "bank@example.com", 10],
  openLookAlikes: (id) => [id, 100],
  countOpenLookAlikes: (id) => [id],
  lookAlike: (id) => [id, "pair"],
  lookAlikesOf: (id) => [id, "purchase-mail-told"],
  toldPurchases: (id) => [id, ["purchase-mail-told"]],
  countedWith: (id) => [id, "purchase-mail-joined"],
  decideLookAlike: (id) => [{ ...onLookAlike(id, "pair"), decision: { is: "joined", kept: "purchase-mail-told" } }],
  undoLookAlike: (id) => [{ ...onLookAlike(id, "pair-joined"), change: "said" }],
  purchasesToCompare: (id) => [id, 1000, 10],
  proposeLookAlikes: (id) => [
    [
      {
        accountId: id,
        compared: ["purchase-mail-booked", "purchase-mail-told", "purchase-mail-told-again"].map(asCompared),
        proposals: [
          {
            id: `pair-${(fresh += 1)}`,
            a: "purchase-mail-booked",
            b: "purchase-mail-sample",
            why: "same",
            reason: "Same.",
          },
        ],
      },
    ],
    NOW,
  ],
} satisfies { readonly [N in StoreCall]?: (accountId: string) => Arguments<N> };

/** Every other call: why no account is asked for, and what it is called with. */
export const otherCalls = {
  signUp: ["whoever asks may get a letter to their own address", [signUp("new@example.com")]],
  createAccount: ["makes one", [{ ...newAccount("third"), address: "third@example.com", at: NOW }]],
  onlyAccount: ["for the operator", ["owner@example.com"]],
  accountIdOfToken: ["the token of an alert address is the secret that leads to the account", ["token-owner", NOW]],
  accountIdOfProvenAddress: ["finds whose a mail is by whom the bank signed it for", ["owner@example.com"]],
  accountOfAddress: ["finds whom a letter goes to", ["owner@example.com"]],
  signIn: ["the signed link names the account", [signIn("third", "other-link")]],
  isLinkFresh: ["the signed link names the account", [{ linkId: "link", accountId: OWNER, epoch: 0 }]],
  session: ["the session's secret leads to the account", ["hash", NOW.add({ hours: 2 })]],
  keepMail: ["mail comes from outside; its token leads to the account", [aDelivery("mail-new")]],
  claimMails: ["for the interpreter", [NOW, 1000, 10]],
  releaseMails: ["for the interpreter", [["mail-booked"]]],
  payload: ["for the interpreter", ["mail-booked"]],
  payloads: ["for the interpreter", [["mail-booked"]]],
  finishMails: ["for the interpreter", [[anInterpretation("mail-review", "booked", OWNER)]]],
  requeueMails: ["for the interpreter", []],
  outcomeOf: ["for the operator", ["mail-booked"]],
  heldFor: ["for the outbox", ["nobody@example.com"]],
  accountsToCompare: ["for the comparer", [10]],
  shareReadingRule: ["for the operator", ["rule", NOW]],
  keptMail: ["for the operator", ["mail-booked"]],
  rulesInUse: ["for the operator", []],
  mailsToReplay: ["for the operator", [{ after: 0, since: NOW.subtract({ hours: 1 }), accountId: OWNER, limit: 10 }]],
  replayMails: ["for the operator", [["mail-booked"]]],
  waitingAmong: ["for the operator", [["mail-booked"]]],
  keptAmong: ["for the operator", [["mail-booked"]]],
  newestMailAt: ["for the operator", []],
  dropUnknownMails: ["of mail that is nobody's", [NOW]],
  addAlarm: ["to the operator", [{ id: "letter-alarm", to: "operator@example.com", at: NOW }]],
  addAllClear: ["to the operator", [{ id: "letter-all-clear", to: "operator@example.com", at: NOW }]],
  claimConfirmation: ["for the confirmer", [NOW, 1000]],
  confirmationDone: ["for the confirmer", ["mail-confirmation", "confirmed", NOW]],
  confirmationDelayed: ["for the confirmer", ["mail-confirmation", NOW]],
  weeklyZones: ["for the weekly letters", []],
  addWeeklyLetters: [
    "for the weekly letters",
    [{ timeZone: "America/New_York", week: "2026-W46", details: "{}", weekEnd: NOW, at: NOW }],
  ],
  claimLetters: ["for the outbox", [NOW, 1000, 10]],
  releaseLetters: ["for the outbox", [["letter"]]],
  letterSent: ["for the outbox", ["letter", "provider-id", NOW]],
  letterDelayed: ["for the outbox", ["letter", "why", NOW]],
  dropLetter: ["for the outbox", ["letter"]],
  letterRefused: ["for the outbox", ["letter", "why"]],
  count: ["of the service", ["webhook_too_large", NOW]],
  keepProviderEvent: ["comes from the provider, is read later", ["event", new Uint8Array(3), NOW]],
  probe: ["of the service", [NOW]],
  schemaVersion: ["of the service", []],
  timeline: ["of the service", [NOW, (bytes) => new Uint8Array(bytes)]],
  hasChanges: ["of the service", []],
  forgetChanges: ["of the service", [1]],
  forgetAllChanges: ["of the service", []],
  serviceState: ["of the service", [NOW]],
  forgetExpired: ["of the service", [NOW]],
} satisfies {
  readonly [N in Exclude<StoreCall, keyof typeof callsForAnAccount>]: readonly [why: string, args: Arguments<N>];
};

/** Makes OWNER one of everything, and STRANGER an account with nothing in it. */
export async function fillStore(store: Store): Promise<void> {
  for (const id of [OWNER, STRANGER]) {
    await store.createAccount({ ...newAccount(id), address: `${id}@example.com`, at: NOW });
  }
  await store.signIn(signIn(OWNER, "link"));
  await fillAddresses(store);
  for (const id of [
    "mail-booked",
    "mail-review",
    "mail-aside",
    "mail-sample",
    "mail-confirmation",
    "mail-in-doubt",
    "mail-in-doubt-too",
    "mail-no-purchase",
    "mail-told",
    "mail-told-again",
    "mail-joined",
    "mail-unknown",
    "mail-unknown-too",
  ]) {
    await store.keepMail(aDelivery(id));
  }
  await store.requestSample({ code: "used", letterId: "letter", accountId: OWNER, to: "a@example.com", at: NOW });
  await store.claimMails(NOW, 1000, 30);
  await store.finishMails([
    ...["mail-told", "mail-told-again", "mail-joined"].map((id) => ({
      ...anInterpretation(id, "booked", OWNER),
      purchases: [aPurchase(OWNER, id, "addressed")],
    })),
    { ...anInterpretation("mail-booked", "booked", OWNER), purchases: [aPurchase(OWNER, "mail-booked", "addressed")] },
    anInterpretation("mail-review", "review", OWNER),
    { ...anInterpretation("mail-unknown", "review", OWNER), institution: null },
    { ...anInterpretation("mail-unknown-too", "review", OWNER), institution: null },
    anInterpretation("mail-aside", "review", OWNER),
    anInterpretation("mail-no-purchase", "not_a_purchase", OWNER),
    {
      ...anInterpretation("mail-sample", "booked", OWNER),
      sampleCode: "used",
      purchases: [aPurchase(OWNER, "mail-sample", "sample")],
    },
    {
      ...anInterpretation("mail-confirmation", "confirmation", OWNER),
      confirmation: { requester: "owner@example.com", code: "123456789", link: null, isDue: false },
    },
    { ...anInterpretation("mail-in-doubt", "review", OWNER), routeInDoubt: "bank@example.com unsigned" },
    { ...anInterpretation("mail-in-doubt-too", "review", OWNER), routeInDoubt: "other@example.com unsigned" },
  ]);
  await store.trustRoute({ id: "trust", accountId: OWNER, mailId: "mail-in-doubt", at: NOW });
  await store.finishMails([anInterpretation("mail-in-doubt", "not_a_purchase", OWNER)]);
  const aside = { id: "decision", accountId: OWNER, mailId: "mail-aside", decision: "dismissed", at: NOW } as const;
  await store.decide({ ...aside, purchases: [] });
  await store.amend(change(OWNER, "purchase-mail-booked"));
  await store.nameMerchant(naming(OWNER, "name", "Our shop"));
  await store.addReadingRule(aRule(OWNER, "rule", "mail-unknown-too"));
  await store.finishMails(
    ["mail-unknown", "mail-unknown-too"].map((id) => ({ ...anInterpretation(id, "review", OWNER), institution: null })),
  );
  await fillLookAlikes(store);
  const later = { code: "asked", letterId: "letter-2", at: NOW.add({ minutes: 1 }) };
  await store.requestSample({ ...later, accountId: OWNER, to: "a@example.com" });
}

/** Two purchases that may be one, and a third that was joined into one of them. */
async function fillLookAlikes(store: Store): Promise<void> {
  const [a, b, c] = ["purchase-mail-told", "purchase-mail-told-again", "purchase-mail-joined"] as const;
  const alike = { why: "same", reason: "Same." } as const;
  const proposals = [
    { ...alike, id: "pair", a, b },
    { ...alike, id: "pair-joined", a: b, b: c },
  ];
  await store.proposeLookAlikes([{ accountId: OWNER, compared: [a, b, c].map(asCompared), proposals }], NOW);
  await store.decideLookAlike({
    ...onLookAlike(OWNER, "pair-joined"),
    id: "said",
    decision: { is: "joined", kept: b },
  });
}

function onLookAlike(accountId: string, lookAlikeId: string) {
  return { id: `said-${(fresh += 1)}`, accountId, lookAlikeId, at: NOW };
}

/** A claimed and one more proven address; beside its own alert address one that still works and one that doesn't. */
async function fillAddresses(store: Store): Promise<void> {
  const owner = { accountId: OWNER, at: NOW };
  await store.claimAddress({ ...owner, id: "claim", address: "asked@example.com" });
  await store.claimAddress({ ...owner, id: "claim-proven", address: "other@example.com" });
  await store.proveAddress({ ...owner, claimId: "claim-proven", epoch: 0 });
  for (const newToken of ["token-stopped", "token-former"]) {
    await store.replaceAlertAddress({ ...owner, token: "token-owner", newToken });
    await store.keepAlertAddress({ ...owner, token: "token-owner" });
  }
  await store.stopAlertAddress({ ...owner, token: "token-stopped" });
}

/** An account that may be made; its alert token is `token-ID`. */
export function newAccount(id: string) {
  return { id, timeZone: "America/New_York", alertToken: `token-${id}` };
}

function signUp(address: string) {
  return {
    id: `signup-${address}`,
    address,
    newAccount: newAccount(address),
    network: "192.0.2.0/24",
    next: null,
    at: NOW,
  };
}

function signIn(accountId: string, linkId: string) {
  return {
    linkId,
    linkExpiresAt: NOW.add({ minutes: 30 }),
    accountId,
    epoch: 0,
    sessionId: linkId === "link" ? "session" : `session-${linkId}`,
    tokenHash: linkId === "link" ? "hash" : `hash-${linkId}`,
    userAgent: "Test",
    at: NOW,
  };
}

/** A delivery to OWNER, its id for a body. */
export function aDelivery(id: string) {
  const bytes = new TextEncoder().encode(id);
  const limits = { mailsPerDay: 1_000, bytesPerDay: 1_000_000_000 };
  return {
    id,
    route: "alert",
    token: "token-owner",
    recipient: "",
    sha256: bytes,
    payload: bytes,
    at: NOW,
    limits,
  } as const;
}

/** A rule of the account's, learnt from that mail. */
export function aRule(accountId: string, id: string, mailId: string): NewReadingRule {
  const rule = JSON.stringify({ by: "form", shape: id });
  return { id, accountId, sender: "bank@example.com", form: id, rule, isSigned: false, mailId, at: NOW };
}

/** What became of a mail: nothing but the outcome. */
export function anInterpretation(mailId: string, outcome: MailOutcome, accountId: string | null): Interpretation {
  return {
    mailId,
    accountId,
    outcome,
    reason: "",
    institution: "chase",
    sender: "bank@example.com",
    subject: "Alert",
    mailDate: NOW.epochMilliseconds,
    interpretedAt: NOW.epochMilliseconds,
    identity: { messageIds: [`<${mailId}@example.com>`], bodySha256: mailId },
    reading: JSON.stringify({ lines: ["words"], events: [] }),
    payload: null,
    originCheck: null,
    verdict: "addressed",
    signedBy: null,
    routeInDoubt: null,
    heldFor: null,
    heldLetterId: null,
    tryAgainAt: null,
    ruleId: null,
    purchases: [],
    withdrawn: [],
    carried: [],
    sampleCode: null,
    confirmation: null,
    signUp: null,
  };
}

/** The one purchase of a mail. */
export function aPurchase(accountId: string, mailId: string, origin: Origin): NewPurchase {
  return {
    id: `purchase-${mailId}`,
    accountId,
    mailId,
    position: 0,
    institution: "chase",
    kind: "purchase",
    merchant: "Corner Shop",
    amountMinor: 1234,
    currency: "USD",
    card: null,
    occurredAt: NOW.epochMilliseconds,
    occurredOn: null,
    origin,
    signedBy: null,
    words: "{}",
    bookedAt: NOW.epochMilliseconds,
  };
}

/** A purchase whose mail was interpreted now. */
export function asCompared(purchaseId: string): Compared {
  return { id: purchaseId, interpretedAt: NOW.epochMilliseconds };
}

function change(accountId: string, purchaseId: string) {
  return {
    id: `change-${(fresh += 1)}`,
    accountId,
    purchaseId,
    at: NOW,
    merchant: "Cafe",
    isNamed: true,
    amountMinor: 5,
    removed: false,
  };
}

function naming(accountId: string, id: string, name: string) {
  return { id, accountId, purchaseId: "purchase-mail-booked", key: "cornershop", name, at: NOW };
}

/** Books a purchase of OWNER's as interpretation does; its id. */
export async function bookPurchase(store: Store, parts: Partial<NewPurchase>): Promise<string> {
  const mailId = `booked-${(fresh += 1)}`;
  await store.keepMail(aDelivery(mailId));
  const purchase = { ...aPurchase(OWNER, mailId, "addressed"), ...parts };
  await store.finishMails([{ ...anInterpretation(mailId, "booked", OWNER), purchases: [purchase] }]);
  return purchase.id;
}
