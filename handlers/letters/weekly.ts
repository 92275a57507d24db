import type { MailCounts } from "../../adapters/libsql-accounting.ts";
import type { Money } from "../../ledger/money.ts";
import { sayAccounting } from "../pages/accounting.ts";
import { html } from "../pages/html.ts";
import { saySums } from "../pages/purchase-list.ts";
import { count, sayDate } from "../pages/say-when.ts";
import { letterButton, letterHtml } from "./letter.ts";
import type { Letter } from "./letter.ts";

/**
 * The letter about a week that is over.
 *
 * @param letter.monday the week's first day
 * @param letter.spent what was spent in it, each currency by itself
 * @param letter.mails what became of the mails that arrived in it
 * @param letter.waiting how many mails wait for the person now, whenever they came
 * @param letter.link the way to the dashboard, token included
 * @param letter.minutes how long the link works
 * @param letter.baseUrl where the program is
 */
export function weeklyLetter(letter: {
  readonly monday: Temporal.PlainDate;
  readonly spent: readonly Money[];
  readonly mails: MailCounts;
  readonly waiting: number;
  readonly link: string;
  readonly minutes: number;
  readonly baseUrl: string;
}): Letter {
  const { monday, spent, mails, waiting, link, minutes, baseUrl } = letter;
  const week = `${sayDate(monday)} to ${sayDate(monday.add({ days: 6 }))}`;
  const spentWords = spent.length === 0 ? "nothing" : saySums(spent);
  const lines = [
    `You spent ${spentWords}.`,
    mails.mailsIn === 0
      ? `No mail came. If that is a surprise, your bank's alerts may have stopped: ${baseUrl}/connect`
      : sayAccounting(mails),
    // Those of the week are in the sentence before.
    ...(waiting > mails.inReview
      ? [`In all, ${count(waiting, "mail")} ${waiting === 1 ? "waits" : "wait"} for you in review.`]
      : []),
  ];
  const subject = `Your week: ${spent.length === 0 ? "nothing spent" : spentWords}`;
  const text = `Your week, ${week}

${lines.join("\n\n")}

Open your dashboard with this link:

${link}

It works once, for ${minutes} minutes. After that, it offers to mail you a new one.

You get this letter on Mondays. To stop it, go to ${baseUrl}/settings
`;
  const body = html`<h1 style="margin:0 0 4px;font-size:20px;line-height:1.3">Your week</h1>
    <p class="soft" style="margin:0 0 16px;color:#566062;font-size:14px">${week}</p>
    ${lines.map((line) => html`<p style="margin:0 0 12px">${line}</p>`)}
    <div style="height:8px"></div>
    ${letterButton(link, "Open my dashboard")}
    <p class="soft" style="margin:0 0 12px;color:#566062;font-size:14px">
      The link works once, for ${minutes} minutes. After that, it offers to mail you a new one. If the button does
      nothing, copy this into your browser:<br /><a class="link" href="${link}" style="color:#0b6150">${link}</a>
    </p>
    <p class="soft" style="margin:0;color:#566062;font-size:14px">
      You get this letter on Mondays. To stop it, go to
      <a class="link" href="${baseUrl}/settings" style="color:#0b6150">your settings</a>.
    </p>`;
  return { subject, text, html: letterHtml({ title: subject, body }), stopUrl: `${baseUrl}/settings` };
}
