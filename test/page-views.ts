import { connectPage } from "../handlers/pages/connect.ts";
import { dashboardPage } from "../handlers/pages/dashboard.ts";
import type { CurrencySpend, DashboardView } from "../handlers/pages/dashboard.ts";
import { devMailPage } from "../handlers/pages/dev-mail.ts";
import { errorPage } from "../handlers/pages/error.ts";
import { homePage } from "../handlers/pages/home.ts";
import { lookAlikePage } from "../handlers/pages/look-alike.ts";
import type { LookAlikeView } from "../handlers/pages/look-alike.ts";
import type { Frame } from "../handlers/pages/layout.ts";
import type { MailView } from "../handlers/pages/mail-text.ts";
import { maintenancePage } from "../handlers/pages/maintenance.ts";
import { oldProofPage, proveAddressPage, proveSignedOutPage } from "../handlers/pages/prove-address.ts";
import { mailsPage } from "../handlers/pages/mails.ts";
import { purchasePage } from "../handlers/pages/purchase.ts";
import type { PurchaseView } from "../handlers/pages/purchase.ts";
import type { PurchaseRow } from "../handlers/pages/purchase-list.ts";
import { purchasesPage } from "../handlers/pages/purchases.ts";
import { reviewPage } from "../handlers/pages/review.ts";
import type { ReviewItem } from "../handlers/pages/review-item.ts";
import { settingsPage } from "../handlers/pages/settings.ts";
import { oldLinkPage, signInPage, unknownLinkPage } from "../handlers/pages/sign-in.ts";
import { teachPage } from "../handlers/pages/teach.ts";
import type { TeachView } from "../handlers/pages/teach.ts";
import { signupSentPage } from "../handlers/pages/signup-sent.ts";
import { sampleLetter } from "../handlers/letters/sample-alert.ts";
import { signInLetter } from "../handlers/letters/sign-in.ts";
import { weeklyLetter } from "../handlers/letters/weekly.ts";

// Every page in the states that people meet, with invented people and amounts: for the browser tests, and to look at.

export const now = Temporal.ZonedDateTime.from("2026-11-20T21:36:00[America/New_York]");
const at = (text: string) => Temporal.ZonedDateTime.from(`${text}[America/New_York]`);
const frame: Frame = { waiting: 2 };
const calm: Frame = { waiting: 0 };

const amounts = [1425, 0, 6312, 8990, 2210, 499, 0, 12350, 3581, -4200, 6882, 1799, 0, 3875];

function days(scale: number, counts: number): CurrencySpend["days"] {
  return amounts.map((amount, index) => ({
    date: now.toPlainDate().subtract({ days: amounts.length - 1 - index }),
    amountMinor: Math.round(amount * scale),
    purchases: amount === 0 ? 0 : counts + (index % 3),
  }));
}

function row(
  id: string,
  merchant: string,
  amountMinor: number,
  occurred: string,
  more?: Partial<PurchaseRow>,
): PurchaseRow {
  const amount = { amountMinor, currency: "USD" };
  return {
    id,
    kind: "purchase",
    merchant,
    amount,
    occurred: at(occurred),
    institution: "Chase",
    card: "1234",
    sample: false,
    leftOut: null,
    ...more,
  };
}

const lunch = row("p1", "ANMOL INDIAN RESTAUR", 6383, "2022-06-05T16:44");
const purchases: readonly PurchaseRow[] = [
  row("p2", "Lyft", 3581, "2026-11-20T18:12"),
  row(
    "p3",
    "SQ *THE VERY LONG NAMED CORNER BAKERY AND COFFEE ROASTERS OF BROOKLYN HEIGHTS NY",
    1294,
    "2026-11-20T12:03",
  ),
  row("p4", "Bookshop", -1000, "2026-11-20T10:41", { kind: "refund" }),
  row("p5", "Spotify USA", 999, "2026-11-20T09:00", { occurred: now.toPlainDate(), institution: "Schwab", card: null }),
  row("p6", "Sample Bakery", 425, "2026-11-20T08:10", { sample: true, institution: null, card: null }),
];

const dashboard: DashboardView = {
  frame,
  now,
  day: now.toPlainDate(),
  currencies: [{ currency: "USD", monthMinor: 120_417, days: days(1, 1) }],
  purchases,
  dayTotals: [{ amountMinor: 4874, currency: "USD" }],
  lastMail: at("2026-11-20T21:33"),
};

const mail: MailView = {
  from: "Chase <no.reply.alerts@chase.com>",
  subject: "Your $63.83 transaction with ANMOL INDIAN RESTAUR",
  date: at("2022-06-05T16:44:31"),
  lines: [
    "Transaction alert",
    "You made a $63.83 transaction with ANMOL INDIAN RESTAUR on Jun 5, 2022 at 4:44 PM ET.",
    "Account",
    "Chase Sapphire (...1234)",
    "Made on",
    "Jun 5, 2022 at 4:44 PM ET",
    "Description",
    "ANMOL INDIAN RESTAUR",
    "Amount",
    "$63.83",
    "You are receiving this alert because your transaction was more than the $0.01 limit you set.",
  ],
  words: ["$63.83", "ANMOL INDIAN RESTAUR", "Jun 5, 2022 at 4:44 PM ET"],
};

const purchase: PurchaseView = {
  frame: { waiting: 0 },
  purchase: lunch,
  written: lunch.merchant,
  isAlwaysNamed: false,
  mayBeNamed: true,
  refundOf: null,
  refunds: [],
  origin: "not signed by the bank",
  undoable: null,
  history: [{ at: at("2022-06-05T16:44:40"), what: "booked" }],
  mail,
  isMailNoPurchase: false,
  alike: { countedAs: null, pairs: [], joined: [] },
};

const changed: PurchaseView = {
  ...purchase,
  frame: {
    waiting: 0,
    status: { message: "Saved.", undo: { action: "/purchases/p1", fields: { action: "undo", change: "c1" } } },
  },
  purchase: { ...lunch, merchant: "Anmol", amount: { amountMinor: 7000, currency: "USD" } },
  undoable: "c1",
  history: [
    {
      at: at("2026-11-20T21:30"),
      what: "changed",
      merchant: { from: "ANMOL INDIAN RESTAUR", to: "Anmol" },
      amount: { from: { amountMinor: 6383, currency: "USD" }, to: { amountMinor: 7000, currency: "USD" } },
    },
    ...purchase.history,
  ],
};

const withTip = row("p12", "ANMOL INDIAN RESTAURANT", 7500, "2022-06-05T17:20");
const mailWithTip: MailView = {
  ...mail,
  subject: "Your $75.00 transaction with ANMOL INDIAN RESTAURANT",
  date: at("2022-06-06T09:12"),
  lines: ["A $75.00 transaction with ANMOL INDIAN RESTAURANT was posted."],
  words: ["$75.00", "ANMOL INDIAN RESTAURANT"],
};
const tip: LookAlikeView = {
  id: "k1",
  reason: "The later amount is 17 % more, as with a tip added afterwards.",
  state: "waiting",
  sides: [
    { purchase: lunch, mail, countedAs: null },
    { purchase: withTip, mail: mailWithTip, countedAs: null },
  ],
  choices: [
    { keep: "p12", amount: { amountMinor: 7500, currency: "USD" } },
    { keep: "p1", amount: { amountMinor: 6383, currency: "USD" } },
  ],
  obstacle: null,
  undoable: null,
};

const unknownMail: MailView = {
  from: "Alerts <alerts@bank.example.com>",
  subject: "Card transaction: 18.20 EUR at Café <Zentral> & Söhne",
  date: at("2026-11-20T14:02"),
  lines: [
    "Dear customer,",
    "your card ending 4411 was used for 18.20 EUR at Café <Zentral> & Söhne.",
    "Date: 20.11.2026 14:02",
  ],
  words: ["18.20 EUR", "Café <Zentral> & Söhne"],
};

const guess: ReviewItem = {
  id: "m4",
  number: 9,
  isGuess: true,
  isTeachable: true,
  mail: unknownMail,
  reason: "We do not know this sender yet. What we read is a guess until you say so.",
  reading: [
    {
      merchant: "Café <Zentral> & Söhne",
      amount: { amountMinor: 1820, currency: "EUR" },
      occurred: at("2026-11-20T14:02"),
    },
  ],
  route: null,
  booking: {
    typed: { merchant: "Café <Zentral> & Söhne", amount: "18.20", currency: "EUR", date: "2026-11-20" },
    errors: {},
  },
  links: [],
};

const teaching: Omit<TeachView, "error" | "trials"> = {
  frame,
  id: "m4",
  subject: unknownMail.subject,
  form: {
    ...{ amount: "1.32.9", merchant: "", merchantWords: "", when: "2.6.16", card: "1.17.4" },
    ...{ currency: "EUR", dates: "day-first", kind: "purchase" },
  },
  choices: {
    amounts: [{ line: 1, start: 32, length: 9, text: "18.20 EUR" }],
    merchants: [
      { line: 0, start: 0, length: 14, text: "Dear customer," },
      { line: 1, start: 45, length: 22, text: "Café <Zentral> & Söhne" },
    ],
    days: [{ line: 2, start: 6, length: 16, text: "20.11.2026 14:02" }],
    cards: [{ line: 1, start: 17, length: 4, text: "4411" }],
  },
  lines: unknownMail.lines,
};

const sessions = [
  ["Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "2026-11-20T21:35", true],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1",
    "2026-11-20T08:10",
    false,
  ],
  ["curl/8.14", "2026-11-02T11:00", false],
] as const;

const letters = [
  signInLetter({
    link: "http://127.0.0.1:8080/sign-in?t=k1.WyJhIl0.mac",
    minutes: 30,
    baseUrl: "http://127.0.0.1:8080",
  }),
  sampleLetter({
    code: "abcdefghij234567",
    merchant: "Sample Bakery",
    money: { amountMinor: 425, currency: "USD" },
    at: now,
  }),
  weeklyLetter({
    monday: Temporal.PlainDate.from("2026-11-16"),
    spent: [
      { amountMinor: 41_260, currency: "USD" },
      { amountMinor: 480, currency: "JPY" },
    ],
    mails: { mailsIn: 31, booked: 25, notPurchases: 5, inReview: 1, waiting: 0 },
    waiting: 2,
    link: "http://127.0.0.1:8080/sign-in?t=k1.WyJhIl0.mac",
    minutes: 30,
    baseUrl: "http://127.0.0.1:8080",
  }),
];

/** Every page by a name for it, as its handler would send it. */
export function everyPage(): Record<string, string> {
  const addresses = { address: "alerts+k7mq2xw5n3ya4bcd@example.com", token: "k7mq2xw5n3ya4bcd", former: [] };
  const former = ["p3zr6tq2m7xj5wka", "dh4vb7yn2sq6xk3e"].map((token, index) => ({
    token,
    address: `alerts+${token}@example.com`,
    until: at(`2026-12-${20 - 8 * index}T10:00`),
  }));
  const requests = [
    {
      requester: "jane.doe@example.net",
      code: "83581330",
      at: at("2026-11-20T21:30"),
      link: "https://mail-settings.google.com/mail/vf-abc",
      state: "waiting",
    },
    { requester: null, code: "416704879", at: at("2026-11-19T21:30"), link: null, state: "waiting" },
  ] as const;
  const settled = [
    { ...requests[0], state: "due" },
    { ...requests[0], state: "confirmed", at: at("2026-11-20T21:34") },
  ] as const;
  const proof = { token: "k1.WyJhIl0.mac", address: "jane@work.example.com", account: "jane.doe@example.net" };
  const search = { q: "", from: "", to: "" };
  const accounting = {
    thisWeek: { mailsIn: 31, booked: 25, notPurchases: 5, inReview: 1, waiting: 0 },
    lastWeek: { mailsIn: 1, booked: 0, notPurchases: 1, inReview: 0, waiting: 0 },
  };
  const list = [
    ...purchases,
    row("p7", "Grocer", 8990, "2026-11-19T18:20"),
    row("p10", "GROCER #12", 8990, "2026-11-19T18:20", { leftOut: "joined" }),
    row("p11", "Declined after all", 1200, "2026-11-19T08:20", { leftOut: "withdrawn" }),
    row("p8", "CAFE", 450, "2026-11-18T09:10", { amount: { amountMinor: 450, currency: "EUR" } }),
    lunch,
  ];
  const totals = [
    { amountMinor: 20_247, currency: "USD" },
    { amountMinor: 450, currency: "EUR" },
  ];
  return {
    home: homePage({ local: false, mailTo: "info@example.com" }),
    "home-local-rejected": homePage({
      local: true,
      mailTo: "info@example.com",
      rejected: { email: "jane@", zone: "Europe/Berlin", error: "That is not a complete e-mail address." },
    }),
    "signup-sent": signupSentPage({ local: true, minutes: 30 }),
    "sign-in": signInPage({ token: "k1.WyJhIl0.mac" }),
    "old-link": oldLinkPage({ token: "k1.WyJhIl0.mac" }),
    "unknown-link": unknownLinkPage(),
    "prove-address": proveAddressPage({ ...proof, frame }),
    "prove-signed-out": proveSignedOutPage(proof),
    "old-proof": oldProofPage({ frame: null }),
    dashboard: dashboardPage(dashboard),
    "dashboard-empty": dashboardPage({
      ...dashboard,
      frame: calm,
      currencies: [],
      purchases: [],
      dayTotals: [],
      lastMail: null,
    }),
    "dashboard-currencies": dashboardPage({
      ...dashboard,
      frame: { waiting: 1, pairs: 2 },
      day: now.toPlainDate().subtract({ days: 4 }),
      currencies: [
        ...dashboard.currencies,
        { currency: "EUR", monthMinor: 8_120, days: days(0.2, 1) },
        {
          currency: "JPY",
          monthMinor: 1_204_000,
          days: days(90, 2).map((day, index) => (index < 9 ? { ...day, amountMinor: 0, purchases: 0 } : day)),
        },
      ],
      purchases: [
        ...purchases.slice(0, 2),
        row("p9", "東京駅 キヨスク", 480, "2026-11-16T09:10", { amount: { amountMinor: 480, currency: "JPY" } }),
      ],
      dayTotals: [
        { amountMinor: 4875, currency: "USD" },
        { amountMinor: 480, currency: "JPY" },
      ],
    }),
    day: dashboardPage({
      ...dashboard,
      frame: calm,
      day: Temporal.PlainDate.from("2022-06-05"),
      currencies: [
        {
          currency: "USD",
          monthMinor: 6383,
          days: Array.from({ length: 14 }, (_, index) => ({
            date: Temporal.PlainDate.from("2022-05-23").add({ days: index }),
            amountMinor: index === 13 ? 6383 : 0,
            purchases: index === 13 ? 1 : 0,
          })),
        },
      ],
      purchases: [lunch],
      dayTotals: [{ amountMinor: 6383, currency: "USD" }],
    }),
    purchases: purchasesPage({
      frame,
      search,
      purchases: list,
      totals,
      older: "1654461840000.p1",
      isLaterPage: true,
    }),
    "purchases-none": purchasesPage({
      frame: calm,
      search: { q: "<b>cafe</b>", from: "2026-13-01", to: "" },
      errors: { from: "This is not a date. Write it like 2026-11-20." },
      purchases: [],
      totals: [],
      older: null,
      isLaterPage: false,
    }),
    purchase: purchasePage(purchase),
    "purchase-changed": purchasePage(changed),
    "purchase-named": purchasePage({
      ...changed,
      isAlwaysNamed: true,
      frame: {
        waiting: 0,
        status: {
          message: "Saved. It is called so every time.",
          undo: { action: "/purchases/p1", fields: { action: "undo-name", change: "n1" } },
        },
      },
    }),
    "purchase-refunded": purchasePage({
      ...purchase,
      refunds: [row("p20", "Anmol", -1000, "2022-06-07T10:00"), row("p21", "Anmol", -500, "2022-06-09T10:00")],
    }),
    "purchase-refund": purchasePage({
      ...purchase,
      purchase: row("p20", "Anmol", -1000, "2022-06-07T10:00", { kind: "refund" }),
      refundOf: lunch,
    }),
    "purchase-rejected": purchasePage({
      ...purchase,
      rejected: {
        always: true,
        merchant: "Anmol",
        amount: "seventy",
        errors: { amount: "This is not an amount. Write it like 63.83." },
      },
    }),
    "purchase-removed": purchasePage({
      ...changed,
      purchase: { ...changed.purchase, leftOut: "removed" },
      history: [{ at: now, what: "removed" }, ...changed.history],
    }),
    "purchase-joined": purchasePage({
      ...purchase,
      purchase: { ...purchase.purchase, leftOut: "joined" },
      alike: {
        countedAs: withTip,
        pairs: [
          { id: "k1", state: "joined", other: withTip },
          { id: "k2", state: "apart", other: lunch },
          { id: "k3", state: "waiting", other: lunch },
        ],
        joined: [],
      },
    }),
    "purchase-counting-for-another": purchasePage({
      ...purchase,
      purchase: withTip,
      mail: mailWithTip,
      alike: {
        countedAs: null,
        pairs: [{ id: "k1", state: "joined", other: lunch }],
        joined: [{ purchase: lunch, mail }],
      },
    }),
    "purchase-withdrawn": purchasePage({
      ...purchase,
      purchase: { ...purchase.purchase, leftOut: "withdrawn" },
      isMailNoPurchase: true,
    }),
    review: reviewPage({
      frame,
      pairs: [],
      morePairs: 0,
      items: [
        {
          id: "m1",
          number: 12,
          isGuess: false,
          isTeachable: false,
          route: "alerts@bank.example.com to jane@work.example.com",
          mail: unknownMail,
          reason: "It was written to jane@work.example.com, which is not an address of yours.",
          booking: {
            typed: { merchant: "Café <Zentral> & Söhne", amount: "18.20", currency: "EUR", date: "2026-11-20" },
            errors: {},
          },
          links: [],
          reading: [
            {
              merchant: "Café <Zentral> & Söhne",
              amount: { amountMinor: 1820, currency: "EUR" },
              occurred: at("2026-11-20T14:02"),
            },
          ],
        },
        {
          id: "m2",
          number: 11,
          isGuess: false,
          isTeachable: false,
          route: null,
          mail: {
            ...mail,
            subject: "Important information about your account",
            words: [],
            lines: ["We have updated our terms.", "Nothing to do."],
          },
          reason: "This is from Chase, and we could not find an amount in it.",
          reading: [],
          booking: { typed: { merchant: "", amount: "", currency: "", date: "2022-06-05" }, errors: {} },
          links: [],
        },
      ],
      older: null,
      setAside: [{ id: "m3", subject: "Your statement is ready", at: at("2026-11-19T10:00") }],
    }),
    "review-guess": reviewPage({
      frame,
      pairs: [],
      morePairs: 0,
      items: [guess],
      older: null,
      setAside: [],
    }),
    teach: teachPage({ ...teaching, error: "Please choose the merchant.", trials: [] }),
    "teach-preview": teachPage({
      ...teaching,
      error: null,
      trials: [
        {
          subject: "You spent 18,20 €",
          at: at("2026-11-20T14:02"),
          result: { fits: true, merchant: "Café <Zentral> & Söhne", amount: { amountMinor: 1820, currency: "EUR" } },
        },
        {
          subject: "Your statement is ready",
          at: at("2026-11-12T09:00"),
          result: { fits: false, why: "Other words, so it waits in review." },
        },
      ],
    }),
    "review-look-alikes": reviewPage({
      frame: { waiting: 0, pairs: 12, status: { message: "They count as two." } },
      pairs: [
        tip,
        {
          ...tip,
          id: "k2",
          reason: "One mail is the wallet's, the other that of the card which paid for it.",
          choices: tip.choices.slice(1),
          sides: tip.sides.map((side) => ({ ...side, countedAs: lunch })),
        },
      ],
      morePairs: 10,
      items: [],
      older: null,
      setAside: [],
    }),
    "look-alike": lookAlikePage({ frame, pair: tip }),
    "look-alike-joined": lookAlikePage({ frame, pair: { ...tip, state: "joined", choices: [], undoable: "d1" } }),
    "look-alike-apart": lookAlikePage({
      frame,
      pair: {
        ...tip,
        state: "apart",
        choices: [],
        obstacle: "One of them is in no total, so there is nothing to join.",
        undoable: "d1",
      },
    }),
    "review-refused": reviewPage({
      frame: {
        waiting: 1,
        status: { message: "It waits here now.", undo: { action: "/review/m3", fields: { action: "dismiss" } } },
      },
      pairs: [],
      morePairs: 0,
      items: [
        {
          id: "m3",
          number: 10,
          isGuess: false,
          isTeachable: true,
          mail: { ...unknownMail, words: [], lines: ["Please confirm that mails may be forwarded."] },
          reason: "You said that this was a purchase.",
          route: null,
          reading: [],
          booking: {
            typed: { merchant: "", amount: "lots", currency: "Euro", date: "2206-11-20" },
            errors: {
              merchant: "Please give a name.",
              amount: "This is not an amount in EUR. It should look like 12.34.",
              currency: "A currency has three letters, like USD or EUR.",
              date: "This day has not come yet.",
            },
          },
          links: [
            "https://mail.example.net/forwarding/confirm?token=Zm9yd2FyZGluZy1jb25maXJtYXRpb24tdG9rZW4tdGhhdC1pcy1sb25n",
            "http://help.example.net/",
          ],
        },
      ],
      older: "10",
      setAside: [],
    }),
    "review-empty": reviewPage({ frame: calm, pairs: [], morePairs: 0, items: [], older: null, setAside: [] }),
    mails: mailsPage({
      frame,
      shown: null,
      mails: [
        {
          id: "m4",
          number: 14,
          mail,
          isRead: true,
          outcome: "Booked",
          accountedAs: "booked",
          reason: "",
          origin: "signed by chase.com",
          purchases: [lunch],
          mayBePurchase: false,
        },
        {
          id: "m5",
          number: 13,
          mail: { ...unknownMail, words: [] },
          isRead: true,
          outcome: "Waits in review",
          accountedAs: "review",
          reason: "We do not know this sender yet, so nothing was read from its mail.",
          origin: "not signed by the bank",
          purchases: [],
          mayBePurchase: false,
        },
        {
          id: "m6",
          number: 12,
          mail: { ...mail, subject: "You sent $80.00 to your savings", words: [] },
          isRead: true,
          outcome: "Not a purchase",
          accountedAs: "not_a_purchase",
          reason: "It tells of a transfer between accounts, which is no spending.",
          origin: null,
          purchases: [],
          mayBePurchase: true,
        },
        {
          id: "m7",
          number: 11,
          mail: { ...mail, from: "", subject: "", lines: [], words: [] },
          isRead: false,
          outcome: "Not read yet",
          accountedAs: "waiting",
          reason: "",
          origin: null,
          purchases: [],
          mayBePurchase: false,
        },
      ],
      older: "1654461840000.11",
      isLaterPage: true,
    }),
    "mails-none": mailsPage({ frame: calm, shown: "waiting", mails: [], older: null, isLaterPage: false }),
    connect: connectPage({
      frame: calm,
      now,
      addresses,
      accounting,
      lastMail: null,
      sample: { state: "none" },
      requests: [],
    }),
    "connect-sent": connectPage({
      frame,
      now,
      addresses,
      lastMail: at("2026-11-20T09:00"),
      accounting,
      sample: { state: "sent", at: at("2026-11-20T21:35:30") },
      requests,
    }),
    "connect-arrived": connectPage({
      frame,
      now,
      addresses: { ...addresses, former },
      lastMail: at("2026-11-20T21:33"),
      accounting,
      sample: { state: "arrived", at: at("2026-11-20T21:33"), purchaseId: "p6" },
      requests: [],
    }),
    "connect-confirmed": connectPage({
      frame: calm,
      now,
      addresses,
      lastMail: at("2026-11-20T21:33"),
      accounting,
      sample: { state: "none" },
      requests: settled,
    }),
    "connect-refused": connectPage({
      frame: calm,
      now,
      addresses,
      lastMail: at("2026-11-20T21:33"),
      accounting,
      sample: { state: "none" },
      requests: [{ ...requests[0], state: "refused" }, ...settled],
    }),
    settings: settingsPage({
      frame,
      now,
      email: "jane.doe@example.net",
      zone: "America/New_York",
      addresses: {
        own: [
          { address: "jane.doe@example.net", provenAt: at("2026-11-01T10:00"), mayGo: true },
          { address: "jane.with.a.rather.long.name@mail.example.com", provenAt: at("2026-11-18T10:00"), mayGo: true },
        ],
        claimed: [{ address: "jane@work.example.com", askedAt: at("2026-11-20T21:20") }],
        rejected: { value: "jane@", error: "This is not an e-mail address. It should look like name@example.com." },
      },
      trust: {
        requiresSignature: false,
        routes: [
          { id: "t1", route: "no.reply.alerts@chase.com changed", at: at("2026-11-19T10:00") },
          {
            id: "t2",
            route: "alerts@bank.example.com forwarded-by jane@work.example.com unproven",
            at: at("2026-11-12T10:00"),
          },
        ],
      },
      rules: [
        {
          id: "r1",
          ...{ sender: "alerts@bank.example.com", subject: "You spent 18,20 €", version: 2, booked: 12 },
          ...{ isTaught: true, isStopped: false, at: at("2026-11-19T10:00") },
        },
        {
          id: "r2",
          ...{ sender: "news@wallet.example.net", subject: "Payment sent", version: 1, booked: 0 },
          ...{ isTaught: false, isStopped: true, at: at("2026-11-12T10:00") },
        },
      ],
      names: [
        { id: "n1", written: "SQ *BLUE BOTTLE 0412", name: "Coffee", before: null },
        { id: "n2", written: "TST* THE VERY LONG NAMED OAK GRILL AND SMOKEHOUSE", name: "Lunch", before: "The Grill" },
        { id: "n3", written: "AMZN Mktp US*2A3BC4D50", name: null, before: "Amazon" },
      ],
      weekly: true,
      sessions: sessions.map(([userAgent, seen, isCurrent], index) => ({
        id: `s${index}`,
        userAgent,
        createdAt: at("2026-11-01T10:00"),
        lastSeenAt: at(seen),
        isCurrent,
      })),
    }),
    "not-found": errorPage({
      refusal: { code: "not_found", message: "There is nothing at this address." },
      frame: null,
    }),
    maintenance: maintenancePage(),
    "our-fault": errorPage({ refusal: null, frame: null }),
    "dev-mail": devMailPage({
      letters: letters.map((letter, index) => ({
        ...letter,
        id: `l${index}`,
        to: "jane.doe@example.net",
        createdAt: now,
      })),
      baseUrl: "http://127.0.0.1:8080",
    }),
    "dev-mail-empty": devMailPage({ letters: [], baseUrl: "http://127.0.0.1:8080" }),
  };
}
