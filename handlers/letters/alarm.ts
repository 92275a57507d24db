import { html } from "../pages/html.ts";
import { count } from "../pages/say-when.ts";
import type { Letter } from "./letter.ts";
import { letterHtml } from "./letter.ts";

/** Something that the operator must look at: what it is, and a sentence on what is wrong with it and what to do. */
export type Alarm = { readonly what: string; readonly reason: string };

/**
 * The letter to the operator when more would be lost with the machine than should be: dumps, their drills or the journal of
 * changes need somebody.
 *
 * @param letter.host the service that it is about
 * @param letter.alarms at least one
 */
export function alarmLetter({ host, alarms }: { readonly host: string; readonly alarms: readonly Alarm[] }): Letter {
  const subject = `${host}: ${count(alarms.length, "thing")} to look at`;
  const text = `${alarms.map(({ what, reason }) => `${what}:\n${reason}`).join("\n\n")}

People notice nothing yet. But if the machine were lost now, more would be lost
with it than should be. On the machine, "wtmm doctor" looks at everything.

You get this once a day until it is mended, and one letter more when it is.
`;
  const body = html`<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">${subject}</h1>
    ${alarms.map(({ what, reason }) => html`<p style="margin:0 0 12px"><b>${what}:</b><br />${reason}</p>`)}
    <p style="margin:0 0 12px">
      People notice nothing yet. But if the machine were lost now, more would be lost with it than should be. On the
      machine, <code>wtmm doctor</code> looks at everything.
    </p>
    <p class="soft" style="margin:0;color:#566062;font-size:14px">
      You get this once a day until it is mended, and one letter more when it is.
    </p>`;
  return { subject, text, html: letterHtml({ title: subject, body }) };
}

/** The letter to the operator when everything that they were alarmed about is mended. */
export function allClearLetter({ host }: { readonly host: string }): Letter {
  const subject = `${host}: all is well again`;
  const says = "Dumps, their drills and the journal of changes are as they should be.";
  const body = html`<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">${subject}</h1>
    <p style="margin:0">${says}</p>`;
  return { subject, text: `${says}\n`, html: letterHtml({ title: subject, body }) };
}
