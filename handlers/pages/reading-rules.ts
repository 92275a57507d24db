import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { count, sayDate, time } from "./say-when.ts";

/** A form of mail that is booked because its person said so. */
export type ReadingRuleView = {
  readonly id: string;
  readonly sender: string;
  /** The subject of the mail that it comes from. */
  readonly subject: string;
  /** From 1; a later one took the place of the earlier. */
  readonly version: number;
  /** Taught by an example; else a guess that the person agreed to. */
  readonly isTaught: boolean;
  readonly isStopped: boolean;
  /** How many mails were booked by it. */
  readonly booked: number;
  readonly at: Temporal.ZonedDateTime;
};

/** A part of the settings; nothing while nothing was taught. */
export function readingRules(rules: readonly ReadingRuleView[]): Html | null {
  if (rules.length === 0) return null;
  return html`<section class="card">
    <h2>Banks that we do not know</h2>
    <p>Mails of these forms are booked because you said so. A mail with any other word waits in review.</p>
    <ul class="acts">
      ${rules.map(row)}
    </ul>
  </section>`;
}

function row({ id, sender, subject, version, isTaught, isStopped, booked, at }: ReadingRuleView): Html {
  return html`<li>
    <span
      ><bdi>${sender}</bdi>: <bdi>${subject || "(no subject)"}</bdi>
      <span class="soft"
        >${isTaught ? "You taught it" : "You agreed to our guess"} on
        ${time(at, sayDate(at))}${version > 1 && html`, version ${version}`}.
        ${booked === 0 ? "Nothing booked yet" : `${count(booked, "mail")} booked`}.</span
      ></span
    >
    <form method="post" action="/settings">
      <input type="hidden" name="rule" value="${id}" />
      <button
        class="quiet"
        name="action"
        value="${isStopped ? "use-rule" : "stop-rule"}"
        aria-label="${isStopped ? "Use again" : "Stop"}: ${subject}"
      >
        ${isStopped ? "Use again" : "Stop"}
      </button>
    </form>
  </li>`;
}
