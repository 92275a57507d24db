// Every refusal of the web and of the commands, in one list that is also the document docs/refusals.md.
// `npm run test:unit -- test/refusals.test.ts -u` writes it anew.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { LINK_MINUTES, signLink } from "../access/links.ts";
import { AppError } from "../errors.ts";
import { compare } from "../handlers/compare.ts";
import { interpret } from "../handlers/interpret.ts";
import { handle } from "../router.ts";
import { bookEvents } from "./book-events.ts";
import { fakeApp, LINK_KEY, NOW, signedIn, type FakeApp, type TestPerson } from "./fake-app.ts";
import { CHASE, mailTo } from "./fixture-mails.ts";
import { buildProgram, dataFolder, runCommand } from "./program.ts";
import { delivery, get, post } from "./requests.ts";
import { anInterpretation } from "./store-calls.ts";

type WebRow = {
  readonly route: string;
  readonly when: string;
  readonly status: number;
  readonly says: string;
  readonly ask: (world: World) => Request;
  /** Replaces parts of the App for this row. */
  readonly app?: (app: FakeApp) => FakeApp;
};
type World = {
  readonly jane: TestPerson;
  readonly purchase: string;
  readonly mail: string;
  /** Two purchases that may be one, one that was joined into another, and one that was withdrawn. */
  readonly pair: string;
  readonly joined: string;
  readonly withdrawn: string;
};
type CommandRow = { readonly command: string; readonly when: string; readonly code: number; readonly says: string };

const MB = 1024 * 1024;
const brokenStore = (app: FakeApp): FakeApp => ({
  ...app,
  store: {
    ...app.store,
    keepMail: async () => {
      throw new AppError("unavailable", "The store can't be written right now. Please try again.");
    },
  },
});
const small = (app: FakeApp): FakeApp => ({ ...app, config: { ...app.config, webhookMaxBytes: MB } });
const full = (app: FakeApp): FakeApp => ({ ...app, largeBodies: { enter: () => false, leave: () => {} } });
const resting = (app: FakeApp): FakeApp => ({
  ...app,
  maintenance: () => ({ since: NOW, until: NOW.add({ hours: 8 }) }),
});
const inbound = (payload: unknown, credential?: string | null) => (): Request => delivery(payload, credential);
const form =
  (path: (world: World) => string, fields: Record<string, string>) =>
  (world: World): Request =>
    post(path(world), fields, world.jane.cookie);
const foreign = (request: Request): Request => {
  const headers = new Headers(request.headers);
  headers.set("sec-fetch-site", "cross-site");
  return new Request(request, { headers });
};
const BOOKING = { merchant: "A", amount: "1", currency: "USD", date: "2026-11-17" };
const toPurchase = ({ purchase }: World): string => `/purchases/${purchase}`;

const WEB: readonly WebRow[] = [
  {
    route: "POST /webhook/inbound",
    when: "the credential is wrong or missing",
    status: 401,
    says: "The user name or password of the webhook is wrong.",
    ask: inbound({}, null),
  },
  {
    route: "POST /webhook/inbound",
    when: "the body is empty",
    status: 400,
    says: "The request has no body.",
    ask: inbound(""),
  },
  {
    route: "POST /webhook/inbound",
    when: "the body is over the cap (counted in /health)",
    status: 413,
    says: "The request is larger than 1 MB.",
    ask: inbound("x".repeat(2 * MB)),
    app: small,
  },
  {
    route: "POST /webhook/inbound",
    when: "two large bodies are in memory already",
    status: 503,
    says: "Too many large mails at once. Please try again in a minute.",
    ask: inbound("x".repeat(6 * MB)),
    app: full,
  },
  {
    route: "POST /webhook/inbound",
    when: "the store can't be written",
    status: 503,
    says: "The store can't be written right now. Please try again.",
    ask: inbound({ MessageID: "m" }),
    app: brokenStore,
  },
  {
    route: "any webhook",
    when: "maintenance is on",
    status: 503,
    says: "This service is being worked on. Please try again later.",
    ask: inbound({ MessageID: "m" }),
    app: resting,
  },
  {
    route: "POST /webhook/events",
    when: "the credential is wrong or missing",
    status: 401,
    says: "The user name or password of the webhook is wrong.",
    ask: () => delivery({}, "a:b", "/webhook/events"),
  },
  {
    route: "POST /webhook/events",
    when: "the body is empty",
    status: 400,
    says: "The request has no body.",
    ask: () => delivery("", undefined, "/webhook/events"),
  },
  {
    route: "POST /signup",
    when: "the address is none",
    status: 400,
    says: "This is not an e-mail address. It should look like name@example.com.",
    ask: () => post("/signup", { email: "jane" }),
  },
  {
    route: "POST /signup",
    when: "the address is at our own domain",
    status: 400,
    says: "Addresses at wtmm.example.com are ours. Please use your own mailbox.",
    ask: () => post("/signup", { email: "x@wtmm.example.com" }),
  },
  {
    route: "POST /signup",
    when: "the time zone is unknown",
    status: 400,
    says: "This time zone is not known.",
    ask: () => post("/signup", { email: "joe@example.com", zone: "Moon/Base" }),
  },
  {
    route: "POST /signup",
    when: "the old link is none of ours",
    status: 400,
    says: "This link is not one of ours. Please type your address.",
    ask: () => post("/signup", { t: "forged" }),
  },
  {
    route: "POST /signup",
    when: "the form comes from another site",
    status: 403,
    says: "This form was sent from another site, so nothing was changed.",
    ask: () => foreign(post("/signup", { email: "joe@example.com" })),
  },
  {
    route: "GET /sign-in",
    when: "the link is forged or cut off",
    status: 400,
    says: "This link does not work",
    ask: () => get("/sign-in?t=forged"),
  },
  {
    route: "POST /sign-in",
    when: "the link is forged or cut off",
    status: 400,
    says: "This link does not work",
    ask: () => post("/sign-in", { t: "forged" }),
  },
  {
    route: "GET, POST /prove-address",
    when: "the link is forged or cut off",
    status: 400,
    says: "This link does not work",
    ask: form(() => "/prove-address", { t: "forged" }),
  },
  {
    route: "GET, POST /prove-address",
    when: "another account is signed in than the one that asked",
    status: 409,
    says: "This link is for another account than the one you are signed in to, so nothing was changed.",
    ask: form(() => "/prove-address", { t: proofLink("nobody", "claim") }),
  },
  {
    route: "POST /prove-address",
    when: "the address belongs to another account",
    status: 409,
    says: "This address belongs to another account. Remove it there first, or sign in with it.",
    ask: (world) => post("/prove-address", { t: proofLink(world.jane.id, "claim-of-joes") }, world.jane.cookie),
  },
  {
    route: "POST /connect",
    when: "the address has changed meanwhile, or is another person's",
    status: 409,
    says: "That address has changed meanwhile. Look at your list again.",
    ask: form(() => "/connect", { action: "stop", token: "none" }),
  },
  {
    route: "POST /connect",
    when: "ten addresses work or are younger than a day",
    status: 409,
    says: "Ten addresses that work or are new today are enough. Stop one, or wait until tomorrow.",
    ask: ({ jane }) => post("/connect", { action: "replace", token: tokenOf(jane) }, jane.cookie),
  },
  {
    route: "POST /connect",
    when: "the action is unknown",
    status: 400,
    says: "The form's action must be replace, keep, stop or resume.",
    ask: form(() => "/connect", { action: "dance" }),
  },
  {
    route: "any POST of a person",
    when: "signed out",
    status: 401,
    says: "You are signed out. Sign in and try again; nothing was changed.",
    ask: (world) => post(toPurchase(world), { action: "undo" }),
  },
  {
    route: "any form",
    when: "it is not URL-encoded",
    status: 400,
    says: "This address takes a form (application/x-www-form-urlencoded).",
    ask: ({ jane }) =>
      new Request(new Request(post("/settings", {}, jane.cookie)), {
        method: "POST",
        headers: { cookie: jane.cookie, "content-type": "application/json", accept: "text/html" },
        body: "{}",
      }),
  },
  {
    route: "any form",
    when: "it is larger than any form of ours",
    status: 413,
    says: "The request is larger than 64 kB.",
    ask: form(() => "/settings", { action: "x".repeat(70_000) }),
  },
  {
    route: "GET /day/DATE",
    when: "it is no day",
    status: 404,
    says: "This is not a day. A day looks like 2026-11-17.",
    ask: ({ jane }) => get("/day/2026-02-30", jane.cookie),
  },
  {
    route: "GET /purchases",
    when: "a date of the search is none",
    status: 400,
    says: "A day looks like 2026-11-17.",
    ask: ({ jane }) => get("/purchases?from=soon", jane.cookie),
  },
  {
    route: "GET, POST /purchases/ID",
    when: "there is none, or it is another person's",
    status: 404,
    says: "There is no such purchase.",
    ask: ({ jane }) => get("/purchases/none", jane.cookie),
  },
  {
    route: "POST /purchases/ID",
    when: "the merchant is empty",
    status: 400,
    says: "Please give a name.",
    ask: form(toPurchase, { action: "save", merchant: " ", amount: "1" }),
  },
  {
    route: "POST /purchases/ID",
    when: "the merchant is too long",
    status: 400,
    says: "A name has at most 200 characters.",
    ask: form(toPurchase, { action: "save", merchant: "x".repeat(201), amount: "1" }),
  },
  {
    route: "POST /purchases/ID",
    when: "the amount is none",
    status: 400,
    says: "This is not an amount in USD. It should look like 12.34.",
    ask: form(toPurchase, { action: "save", merchant: "A", amount: "lots" }),
  },
  {
    route: "POST /purchases/ID",
    when: "the action is unknown",
    status: 400,
    says: "The form's action must be save, undo, undo-name or remove.",
    ask: form(toPurchase, { action: "dance" }),
  },
  {
    route: "POST /purchases/ID",
    when: "it is counted together with another one",
    status: 409,
    says: "This purchase is counted together with another one. Change that one, or part them.",
    ask: form(({ joined }) => `/purchases/${joined}`, { action: "save", merchant: "A", amount: "1" }),
  },
  {
    route: "POST /purchases/ID",
    when: "a better reading of its mail found that it is none",
    status: 409,
    says: "This is no purchase after all, so it can't be changed.",
    ask: form(({ withdrawn }) => `/purchases/${withdrawn}`, { action: "save", merchant: "A", amount: "1" }),
  },
  {
    route: "POST /review/ID",
    when: "no such mail waits, or it is another person's",
    status: 404,
    says: "There is no such mail in review.",
    ask: form(() => "/review/none", { action: "dismiss" }),
  },
  {
    route: "POST /review/ID",
    when: "the mail can't be booked as it stands",
    status: 409,
    says: "This mail is not understood well enough to be booked as it stands.",
    ask: form(({ mail }) => `/review/${mail}`, { action: "book" }),
  },
  {
    route: "POST /review/ID",
    when: "nothing was guessed of the mail that could be agreed to",
    status: 409,
    says: "Nothing was guessed of this mail that could be agreed to.",
    ask: form(({ mail }) => `/review/${mail}`, { action: "agree" }),
  },
  {
    route: "GET, POST /review/ID/teach",
    when: "no such mail waits, it is another person's, or its sender is known",
    status: 404,
    says: "There is no such mail to teach with.",
    ask: form(() => "/review/none/teach", {}),
  },
  {
    route: "POST /review/ID/teach",
    when: "no amount is chosen",
    status: 400,
    says: "Please choose the amount.",
    ask: form(({ mail }) => `/review/${mail}/teach`, { merchant: "0.0.5" }),
  },
  {
    route: "POST /review/ID/teach",
    when: "no merchant is chosen",
    status: 400,
    says: "Please choose the merchant.",
    ask: form(({ mail }) => `/review/${mail}/teach`, { amount: "0.0.5" }),
  },
  {
    route: "POST /review/ID/teach",
    when: "the merchant's words do not stand in the mail",
    status: 400,
    says: "These words do not stand in the mail like that.",
    ask: form(({ mail }) => `/review/${mail}/teach`, { amount: "0.0.5", "merchant-words": "Nobody" }),
  },
  {
    route: "POST /review/ID/teach",
    when: "what is chosen is no amount",
    status: 400,
    says: "The values that you chose can't be found again in this mail.",
    ask: form(({ mail }) => `/review/${mail}/teach`, { amount: "0.0.2", "merchant-words": "lo" }),
  },
  {
    route: "POST /review/ID",
    when: "the merchant that is to be booked is empty",
    status: 400,
    says: "Please give a name.",
    ask: form(({ mail }) => `/review/${mail}`, { action: "enter", ...BOOKING, merchant: " " }),
  },
  {
    route: "POST /review/ID",
    when: "the amount that is to be booked is none",
    status: 400,
    says: "This is not an amount in USD. It should look like 12.34.",
    ask: form(({ mail }) => `/review/${mail}`, { action: "enter", ...BOOKING, amount: "lots" }),
  },
  {
    route: "POST /review/ID",
    when: "the currency is none",
    status: 400,
    says: "A currency has three letters, like USD or EUR.",
    ask: form(({ mail }) => `/review/${mail}`, { action: "enter", ...BOOKING, currency: "XYZ" }),
  },
  {
    route: "POST /review/ID",
    when: "the day is none",
    status: 400,
    says: "A day looks like 2026-11-17.",
    ask: form(({ mail }) => `/review/${mail}`, { action: "enter", ...BOOKING, date: "soon" }),
  },
  {
    route: "POST /review/ID",
    when: "the day lies ahead",
    status: 400,
    says: "This day has not come yet.",
    ask: form(({ mail }) => `/review/${mail}`, { action: "enter", ...BOOKING, date: "2206-11-17" }),
  },
  {
    route: "POST /review/ID",
    when: "nothing is in doubt about the way that it came, or too much",
    status: 409,
    says: "The way this mail came can't be trusted by itself.",
    ask: form(({ mail }) => `/review/${mail}`, { action: "trust" }),
  },
  {
    route: "POST /review/ID",
    when: "the action is unknown",
    status: 400,
    says: "The form's action must be book, agree, enter, dismiss, undo or trust.",
    ask: form(({ mail }) => `/review/${mail}`, { action: "dance" }),
  },
  {
    route: "GET, POST /review/look-alikes/ID",
    when: "there are none, or they are another person's",
    status: 404,
    says: "There are no such two purchases that may be one.",
    ask: form(() => "/review/look-alikes/none", { action: "apart" }),
  },
  {
    route: "POST /review/look-alikes/ID",
    when: "what is to be kept is neither, or one of the two is in no total",
    status: 409,
    says: "These two can't be joined like that. Look at both of them again.",
    ask: form(({ pair }) => `/review/look-alikes/${pair}`, { action: "join", keep: "none" }),
  },
  {
    route: "POST /review/look-alikes/ID",
    when: "the action is unknown",
    status: 400,
    says: "The form's action must be join, apart or undo.",
    ask: form(({ pair }) => `/review/look-alikes/${pair}`, { action: "dance" }),
  },
  {
    route: "POST /mails/ID",
    when: "no such mail was taken for no purchase, or it is another person's",
    status: 404,
    says: "There is no such mail that was taken for no purchase.",
    ask: form(() => "/mails/none", { action: "was-a-purchase" }),
  },
  {
    route: "POST /mails/ID",
    when: "the action is unknown",
    status: 400,
    says: "The form's action must be was-a-purchase.",
    ask: form(({ mail }) => `/mails/${mail}`, { action: "dance" }),
  },
  {
    route: "POST /settings",
    when: "a rule is stopped or used again that is not there",
    status: 404,
    says: "You taught us nothing of that name.",
    ask: form(() => "/settings", { action: "stop-rule", rule: "none" }),
  },
  {
    route: "POST /settings",
    when: "the time zone is unknown",
    status: 400,
    says: "This time zone is not known.",
    ask: form(() => "/settings", { action: "zone", zone: "Moon/Base" }),
  },
  {
    route: "POST /settings",
    when: "the address is none",
    status: 400,
    says: "This is not an e-mail address. It should look like name@example.com.",
    ask: form(() => "/settings", { action: "add-address", address: "jane" }),
  },
  {
    route: "POST /settings",
    when: "the address is at our own domain",
    status: 400,
    says: "Addresses at wtmm.example.com are ours. Please use your own mailbox.",
    ask: form(() => "/settings", { action: "add-address", address: "x@wtmm.example.com" }),
  },
  {
    route: "POST /settings",
    when: "the address is the person's already",
    status: 400,
    says: "This address is yours already.",
    ask: form(() => "/settings", { action: "add-address", address: "jane@example.com" }),
  },
  {
    route: "POST /settings",
    when: "an address was asked a moment ago, or ten were today",
    status: 429,
    says: "An address is asked once in five minutes, and ten times a day in all. Please wait.",
    ask: form(() => "/settings", { action: "add-address", address: "asked@example.com" }),
  },
  {
    route: "POST /settings",
    when: "the address is another person's, or the last one to sign in with",
    status: 409,
    says: "That address is not yours any more, or it is the only one that you can sign in with.",
    ask: form(() => "/settings", { action: "remove-address", address: "jane@example.com" }),
  },
  {
    route: "POST /settings",
    when: "the route is not trusted",
    status: 404,
    says: "You do not trust that route any more.",
    ask: form(() => "/settings", { action: "distrust", route: "none" }),
  },
  {
    route: "POST /settings",
    when: "the merchant is not called so, or by another person",
    status: 404,
    says: "You do not call a merchant so any more.",
    ask: form(() => "/settings", { action: "end-name", change: "none" }),
  },
  {
    route: "POST /settings",
    when: "the change of a merchant's name is not the newest, or another person's",
    status: 404,
    says: "That change of a name is not the newest any more.",
    ask: form(() => "/settings", { action: "undo-name", change: "none" }),
  },
  {
    route: "POST /settings",
    when: "the browser is signed out already",
    status: 404,
    says: "That browser is signed out already.",
    ask: form(() => "/settings", { action: "revoke", session: "none" }),
  },
  {
    route: "POST /settings",
    when: "the action is unknown",
    status: 400,
    says: "The form's action must be one of these: zone, add-address, cancel-address, remove-address, require-signatures, distrust, stop-rule, use-rule, end-name, undo-name, weekly, revoke, revoke-others, revoke-links.",
    ask: form(() => "/settings", { action: "dance" }),
  },
  {
    route: "GET /metrics",
    when: "asked through the proxy or from another machine",
    status: 404,
    says: "There is nothing at this address.",
    ask: () => get("/metrics"),
  },
  {
    route: "GET /dev/mail",
    when: "not in local mode",
    status: 404,
    says: "There is nothing at this address.",
    ask: () => get("/dev/mail"),
  },
  {
    route: "any address",
    when: "in local mode, by a name that is not ours",
    status: 421,
    says: "This program answers at http://127.0.0.1:8080 only. PUBLIC_URL can name another address.",
    ask: () => get("/"),
    app: (app) => ({ ...app, config: { ...app.config, local: true, publicUrl: "http://127.0.0.1:8080" } }),
  },
  {
    route: "any address but those that tell how the service is",
    when: "maintenance is on",
    status: 503,
    says: "We are working on this service, and its pages rest meanwhile.",
    ask: ({ jane }) => post("/settings", { action: "zone", zone: "Europe/Berlin" }, jane.cookie),
    app: resting,
  },
  {
    route: "any address",
    when: "there is nothing",
    status: 404,
    says: "There is nothing at this address.",
    ask: () => get("/nothing"),
  },
  {
    route: "any route",
    when: "the method is another",
    status: 405,
    says: "This address takes GET and HEAD only.",
    ask: () => post("/dashboard", {}),
  },
];

const COMMANDS: readonly CommandRow[] = [
  { command: "", when: "no command is given", code: 2, says: "Usage: wtmm COMMAND" },
  { command: "dance", when: "there is no such command", code: 2, says: "There is no command dance." },
  { command: "serve now", when: "there is a word too many", code: 2, says: "Usage: wtmm serve [--local]" },
  { command: "serve --loud", when: "an option is unknown", code: 2, says: "Unknown option '--loud'" },
  {
    command: "serve",
    when: "a setting is missing (here the first one)",
    code: 1,
    says: "DOMAIN is not set. It must be the domain that mail arrives at.",
  },
  { command: "login-link", when: "no address is given", code: 2, says: "Usage: wtmm login-link [--local] EMAIL" },
  {
    command: "login-link jane@example.com",
    when: "nothing is installed in DATA_DIR, and the settings of a service are not there",
    code: 1,
    says: "yet: begin with serve --local, or set DATA_DIR (and for a service all its settings) to where it is.",
  },
  {
    command: "login-link --local info@wtmm.test",
    when: "the address is at our own domain",
    code: 1,
    says: "Addresses at wtmm.test are ours.",
  },
  { command: "login-link --local jane", when: "it is no address", code: 1, says: "jane is not an e-mail address." },
  { command: "feed", when: "no file is given", code: 2, says: "Usage: wtmm feed [--local] [--to EMAIL] FILE.eml…" },
  { command: "feed none.eml", when: "the file can't be read", code: 1, says: "none.eml can't be read." },
  {
    command: "feed --local --to joe@example.com test/mails/chase-card-2022.eml",
    when: "nobody has that address",
    code: 1,
    says: "joe@example.com is neither an address at wtmm.test nor anybody's account.",
  },
  {
    command: "feed --local test/mails/chase-card-2022.eml",
    when: "nothing says whose the mail is",
    code: 1,
    says: "The mail names no address at wtmm.test. Say whose it is: --to EMAIL.",
  },
  { command: "migrate now", when: "more is said than is known", code: 2, says: "Usage: wtmm migrate [--rehearse]" },
  { command: "export-sample", when: "no mail is named", code: 2, says: "Usage: wtmm export-sample [--local] MAIL-ID" },
  {
    command: "export-sample --local nothing",
    when: "no such mail is kept",
    code: 1,
    says: "There is no kept mail nothing.",
  },
  {
    command: "export-sample nothing",
    when: "nothing is installed in DATA_DIR, and the settings of a service are not there",
    code: 1,
    says: "yet: begin with serve --local, or set DATA_DIR (and for a service all its settings) to where it is.",
  },
  {
    command: "rules share",
    when: "no rule is named",
    code: 2,
    says: "Usage: wtmm rules [--local]",
  },
  {
    command: "rules --local share nothing",
    when: "there is no such rule",
    code: 1,
    says: "There is no reading rule nothing.",
  },
  {
    command: "rules --local unshare nothing",
    when: "there is no such rule",
    code: 1,
    says: "There is no reading rule nothing.",
  },
  {
    command: "dumps",
    when: "no bucket is set",
    code: 1,
    says: "No bucket is set. Set S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY",
  },
  {
    command: "recover --since 14:00",
    when: "the time is none, or has no zone",
    code: 2,
    says: "--since needs a day like 2026-11-20 or a time with its zone like 2026-11-20T14:00Z, not 14:00.",
  },
  { command: "restore", when: "no folder is named", code: 2, says: "Usage: wtmm restore [DUMP | latest | --at TIME]" },
  {
    command: "restore latest --at 2026-11-20 --to data",
    when: "one dump is named twice",
    code: 2,
    says: "Usage: wtmm restore [DUMP | latest | --at TIME]",
  },
  {
    command: "restore --at 14:00 --to data",
    when: "the time is none, or has no zone",
    code: 2,
    says: "--at needs a day like 2026-11-20 or a time with its zone like 2026-11-20T14:00Z, not 14:00.",
  },
  {
    command: "restore --to data --erase all",
    when: "the accounts that may be erased are no number",
    code: 2,
    says: "--erase needs the number of accounts that the refusal named, not all.",
  },
  {
    command: "restore --to data",
    when: "no bucket is set",
    code: 1,
    says: "No bucket is set. Set S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY",
  },
  {
    command: "restore ./none.db.zst.age --to data",
    when: "there is no such file",
    code: 1,
    says: "There is no file ./none.db.zst.age.",
  },
  {
    command: "restore ./package.json --to data",
    when: "the file is no dump",
    code: 1,
    says: "./package.json is no dump: the name of one ends in .db.zst.age.",
  },
  { command: "bucket", when: "no user is named", code: 2, says: "Usage: wtmm bucket [--check] --user ARN" },
  {
    command: "bucket --user arn:aws:iam:::user/machine",
    when: "no bucket is set",
    code: 1,
    says: "S3_ENDPOINT is not set. It must be the address of the bucket's service.",
  },
  {
    command: "maintenance",
    when: "nothing says on, off or status",
    code: 2,
    says: "Usage: wtmm maintenance on",
  },
  {
    command: "doctor now",
    when: "there is a word too many",
    code: 2,
    says: "Usage: wtmm doctor [--local] [--offline]",
  },
  { command: "interpret", when: "no file is given", code: 2, says: "Usage: wtmm interpret FILE.eml [--json]" },
  { command: "interpret none.eml", when: "the file can't be read", code: 1, says: "none.eml can't be read." },
  {
    command: "interpret package.json",
    when: "the file is no mail",
    code: 1,
    says: "This file is not a mail: it has no sender.",
  },
];

/** The token of a link that proves a claim. */
function proofLink(accountId: string, linkId: string): string {
  const expiresAt = NOW.add({ minutes: LINK_MINUTES });
  return signLink({ accountId, purpose: "prove-address", linkId, epoch: 0, expiresAt, next: null }, [LINK_KEY]);
}

/** Of the alert address that a person had first, and has again. */
function tokenOf({ alertAddress }: TestPerson): string {
  return alertAddress.slice("alerts+".length, alertAddress.indexOf("@"));
}

/** As many alert addresses as one may have, and claims that can't be proven or not be made anew. */
async function fillAddresses(app: FakeApp, { id: accountId, ...jane }: TestPerson): Promise<void> {
  const one = { accountId, at: NOW };
  for (let number = 1; number < 10; number += 1) {
    const token = tokenOf({ id: accountId, ...jane });
    await app.store.replaceAlertAddress({ ...one, token, newToken: `token-${number}` });
    await app.store.keepAlertAddress({ ...one, token });
  }
  await app.store.claimAddress({ ...one, id: "claim-of-joes", address: "joe@example.com" });
  await app.store.claimAddress({ ...one, id: "claim", address: "asked@example.com" });
  await signedIn(app, "joe@example.com");
}

/** Purchases that may be one, one that was joined and one that was withdrawn. */
async function fillPurchases(app: FakeApp, jane: TestPerson): Promise<Pick<World, "pair" | "joined" | "withdrawn">> {
  const twice = async (day: string): Promise<string[]> => [
    ...(await bookEvents(app, jane, { merchant: "Cafe Luigi", amountMinor: 4250, at: `${day}T17:44:00Z` })),
    ...(await bookEvents(app, jane, { merchant: "Cafe Luigi", amountMinor: 4250, at: `${day}T17:44:00Z` })),
  ];
  const [joined = "", kept = ""] = await twice("2026-11-18");
  await twice("2026-11-19");
  const [withdrawn = ""] = await bookEvents(app, jane, {});
  while ((await compare(app))["compared"] !== undefined);
  const [pair, toJoin] = await app.store.openLookAlikes(jane.id, 10);
  const pairOf = (id: string) => [pair, toJoin].find((row) => row?.first === id || row?.second === id)?.id ?? "";
  await handle(post(`/review/look-alikes/${pairOf(joined)}`, { action: "join", keep: kept }, jane.cookie), app);
  const mailId = (await app.store.purchase(jane.id, withdrawn))?.mailId ?? "";
  await app.store.finishMails([{ ...anInterpretation(mailId, "not_a_purchase", jane.id), withdrawn: [0] }]);
  const [open] = await app.store.openLookAlikes(jane.id, 10);
  return { pair: open?.id ?? "", joined, withdrawn };
}

describe("refusals of the web", () => {
  let app: FakeApp;
  let world: World;

  beforeAll(async () => {
    app = await fakeApp();
    const jane = await signedIn(app, "jane@example.com");
    const unknown = { FromFull: { Email: "news@bank.example.net", Name: "" }, MessageID: "unknown-sender" };
    await handle(delivery(mailTo(jane.alertAddress, CHASE)), app);
    await handle(delivery(mailTo(jane.alertAddress, CHASE, { ...unknown, Subject: "Hello", HtmlBody: "Hello" })), app);
    await interpret(app);
    await fillAddresses(app, jane);
    const [purchase] = await app.store.searchPurchases(jane.id, { text: null, from: null, to: null }, null, 1);
    world = { jane, purchase: purchase?.id ?? "", mail: "unknown-sender", ...(await fillPurchases(app, jane)) };
  });
  afterAll(() => app.close());

  it.each(WEB)("$route refuses with $status when $when", async ({ ask, status, says, app: change }) => {
    const response = await handle(ask(world), change?.(app) ?? app);
    const text = (await response.text()).replaceAll("&#39;", "'").replaceAll(/\s+/g, " ");
    expect([response.status, text]).toEqual([status, expect.stringContaining(says)]);
  });
});

describe("refusals of the commands", () => {
  let data: ReturnType<typeof dataFolder>;
  beforeAll(buildProgram);
  beforeEach(() => {
    data = dataFolder();
  });
  afterEach(() => data.remove());

  it.each(COMMANDS)("wtmm $command ends with $code when $when", ({ command, code, says }) => {
    const words = command.split(" ").filter((word) => word !== "");
    const ran = runCommand(words, { DATA_DIR: data.path });
    expect([ran.code, ran.stderr]).toEqual([code, expect.stringContaining(says)]);
    expect(ran.stdout).toBe("");
  });
});

it("stand in the document as they are", async () => {
  const lines = [
    "# What is refused, and with what words",
    "",
    "Written by `test/refusals.test.ts`, which tries every line. Whatever is refused changes nothing.",
    "",
    "| asked | when | status | words |",
    "| --- | --- | --- | --- |",
    ...WEB.map(({ route, when, status, says }) => `| \`${route}\` | ${when} | ${status} | ${says} |`),
    "",
    "| command | when | exit code | words |",
    "| --- | --- | --- | --- |",
    ...COMMANDS.map(({ command, when, code, says }) => `| \`wtmm ${command}\` | ${when} | ${code} | ${says} |`),
    "",
  ];
  await expect(lines.join("\n")).toMatchFileSnapshot("../docs/refusals.md");
});
