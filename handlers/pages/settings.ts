import { deviceWords } from "./device-words.ts";
import { markWrong } from "./field.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { layout } from "./layout.ts";
import type { Frame } from "./layout.ts";
import { mailAddresses } from "./mail-addresses.ts";
import type { MailAddressesView } from "./mail-addresses.ts";
import { readingRules } from "./reading-rules.ts";
import type { ReadingRuleView } from "./reading-rules.ts";
import { sayAgo, sayDate, time } from "./say-when.ts";
import { merchantNames } from "./merchant-names.ts";
import type { MerchantNameView } from "./merchant-names.ts";
import { trust } from "./trust.ts";
import type { TrustView } from "./trust.ts";
import { weeklySwitch } from "./weekly-switch.ts";
import { zoneOptions } from "./zone-options.ts";

/** A browser that is signed in. */
export type SessionView = {
  readonly id: string;
  readonly userAgent: string;
  readonly createdAt: Temporal.ZonedDateTime;
  readonly lastSeenAt: Temporal.ZonedDateTime;
  /** The one that is looking at this page. */
  readonly isCurrent: boolean;
};

/** What an account can set. */
export type SettingsView = {
  readonly frame: Frame;
  readonly now: Temporal.ZonedDateTime;
  /** The account's first address. */
  readonly email: string;
  readonly zone: string;
  /** Why a zone was not taken. */
  readonly zoneError?: string | undefined;
  readonly addresses: MailAddressesView;
  readonly trust: TrustView;
  /** Those in use first, the newest first. */
  readonly rules: readonly ReadingRuleView[];
  /** What the person calls merchants every time, the newest last. */
  readonly names: readonly MerchantNameView[];
  /** Whether a letter goes out each week. */
  readonly weekly: boolean;
  /** Last seen first. */
  readonly sessions: readonly SessionView[];
};

/** Served at /settings. */
export function settingsPage(view: SettingsView): string {
  return layout({
    title: "Settings",
    frame: view.frame,
    current: "/settings",
    isColumn: true,
    body: html`<h1>Settings</h1>
      <p class="soft">Signed in as ${view.email}</p>
      ${zone(view)} ${mailAddresses(view.addresses, view.now)} ${trust(view.trust)} ${readingRules(view.rules)}
      ${merchantNames(view.names)} ${weeklySwitch(view.weekly)} ${sessions(view)} ${links()}`,
  });
}

function zone({ zone: chosen, zoneError }: SettingsView): Html {
  return html`<section class="card">
    <h2>Time zone</h2>
    <p>It decides on which day a purchase falls.</p>
    <form method="post" action="/settings">
      <div class="field">
        <label for="zone">Your time zone</label>
        <select id="zone" name="zone" ${zoneError && markWrong("zone")}>
          ${zoneOptions(chosen)}
        </select>
        ${zoneError && html`<p class="error" id="zone-error">${zoneError}</p>`}
      </div>
      <button name="action" value="zone">Save</button>
    </form>
  </section>`;
}

function sessions({ sessions: all, now }: SettingsView): Html {
  return html`<section class="card">
    <h2>Where you are signed in</h2>
    <ul class="acts">
      ${all.map((session) => row(session, now))}
    </ul>
    ${
      all.length > 1 &&
      html`<form method="post" action="/settings">
        <button class="quiet" name="action" value="revoke-others">Sign out everywhere else</button>
      </form>`
    }
  </section>`;
}

function row({ id, userAgent, createdAt, lastSeenAt, isCurrent }: SessionView, now: Temporal.ZonedDateTime): Html {
  const device = deviceWords(userAgent);
  return html`<li>
    <span
      >${device}${isCurrent && html` <span class="tag">This one</span>`}
      <span class="soft"
        >Since ${time(createdAt, sayDate(createdAt))}, last seen ${time(lastSeenAt, sayAgo(lastSeenAt, now))}</span
      ></span
    >
    ${
      !isCurrent &&
      html`<form method="post" action="/settings">
        <input type="hidden" name="session" value="${id}" />
        <button class="quiet" name="action" value="revoke" aria-label="Sign out ${device}">Sign out</button>
      </form>`
    }
  </li>`;
}

function links(): Html {
  return html`<section class="card">
    <h2>Links we mailed you</h2>
    <p>
      Did somebody else see one of your letters? This makes every link sent so far invalid. You stay signed in here.
    </p>
    <form method="post" action="/settings">
      <button class="quiet" name="action" value="revoke-links">Make all sent links invalid</button>
    </form>
  </section>`;
}
