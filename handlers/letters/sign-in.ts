import { html } from "../pages/html.ts";
import { letterButton, letterHtml } from "./letter.ts";
import type { Letter } from "./letter.ts";

/**
 * The letter with a link to the dashboard.
 *
 * @param letter.link the whole address, token included
 * @param letter.minutes how long the link works
 * @param letter.baseUrl where the program is, to name it and to ask for another link
 */
export function signInLetter(letter: {
  readonly link: string;
  readonly minutes: number;
  readonly baseUrl: string;
}): Letter {
  const { link, minutes, baseUrl } = letter;
  const subject = "Your link to Who Took My Money";
  const text = `Open your dashboard with this link:

${link}

It works once, for ${minutes} minutes. For a new one, go to ${baseUrl}/

You did not ask for it? Then somebody typed your address by mistake. Nothing
happens unless you open the link, so you can leave this letter alone.
`;
  const body = html`<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">Open your dashboard</h1>
    ${letterButton(link, "Open my dashboard")}
    <p style="margin:0 0 12px">
      The link works once, for ${minutes} minutes. For a new one, go to
      <a class="link" href="${baseUrl}/" style="color:#0b6150">${baseUrl}</a>.
    </p>
    <p class="soft" style="margin:0 0 12px;color:#566062;font-size:14px">
      If the button does nothing, copy this into your browser:<br /><a class="link" href="${link}" style="color:#0b6150"
        >${link}</a
      >
    </p>
    <p class="soft" style="margin:0;color:#566062;font-size:14px">
      You did not ask for it? Then somebody typed your address by mistake. Nothing happens unless you open the link, so
      you can leave this letter alone.
    </p>`;
  return { subject, text, html: letterHtml({ title: subject, body }) };
}
