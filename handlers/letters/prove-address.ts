import { html } from "../pages/html.ts";
import { letterButton, letterHtml } from "./letter.ts";
import type { Letter } from "./letter.ts";

/**
 * The letter to an address that an account says is its own. It names who asks, so that whoever reads it can tell.
 *
 * @param letter.link the whole address, token included
 * @param letter.asker the asking account's first address
 * @param letter.address the address that it goes to
 * @param letter.minutes how long the link works
 */
export function proveAddressLetter(letter: {
  readonly link: string;
  readonly asker: string;
  readonly address: string;
  readonly minutes: number;
}): Letter {
  const { link, asker, address, minutes } = letter;
  const subject = "Is this your address, too?";
  const text = `${asker} says that ${address} is theirs, too, and wants to use it
at Who Took My Money.

If that is you, open this link in the browser in which you are signed in as
${asker}:

${link}

It works once, for ${minutes} minutes, and for that account alone.

You are not ${asker}? Then leave this letter alone: nothing happens.
`;
  const body = html`<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">Is this your address, too?</h1>
    <p style="margin:0 0 12px">
      <b>${asker}</b> says that <b>${address}</b> is theirs, too, and wants to use it at Who Took My Money.
    </p>
    <p style="margin:0 0 20px">If that is you, open this in the browser in which you are signed in as ${asker}:</p>
    ${letterButton(link, "This is my address")}
    <p style="margin:0 0 12px">It works once, for ${minutes} minutes, and for that account alone.</p>
    <p class="soft" style="margin:0 0 12px;color:#566062;font-size:14px">
      If the button does nothing, copy this into your browser:<br /><a class="link" href="${link}" style="color:#0b6150"
        >${link}</a
      >
    </p>
    <p class="soft" style="margin:0;color:#566062;font-size:14px">
      You are not ${asker}? Then leave this letter alone: nothing happens.
    </p>`;
  return { subject, text, html: letterHtml({ title: subject, body }) };
}
