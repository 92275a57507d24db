import { html } from "../pages/html.ts";
import { count } from "../pages/say-when.ts";
import { letterButton, letterHtml } from "./letter.ts";
import type { Letter } from "./letter.ts";

/**
 * The letter to somebody whose bank wrote to the address that all may use. It tells no amount and no name: whether this
 * mailbox is read by the right person is known only once they sign in.
 *
 * @param letter.purchases how many mails with purchases wait, at least 1
 * @param letter.address the address that it goes to, for which they wait
 * @param letter.baseUrl where the program is
 */
export function heldLetter(letter: {
  readonly purchases: number;
  readonly address: string;
  readonly baseUrl: string;
}): Letter {
  const { purchases, address, baseUrl } = letter;
  const held = count(purchases, "purchase");
  const them = purchases === 1 ? "it" : "them";
  const subject = `We hold ${held} for you`;
  const text = `Your bank's alerts to ${address} came to us as well.
They tell of ${held}. To see ${them}, sign up with this address:

${baseUrl}/

If you do nothing, nothing happens: you get no further letter about this for
30 days, and every alert is deleted 30 days after it came.
`;
  const body = html`<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">We hold ${held} for you</h1>
    <p style="margin:0 0 20px">
      Your bank's alerts to <b>${address}</b> came to us as well. They tell of ${held}. To see ${them}, sign up with
      this address:
    </p>
    ${letterButton(`${baseUrl}/`, "Sign up")}
    <p class="soft" style="margin:0;color:#566062;font-size:14px">
      If you do nothing, nothing happens: you get no further letter about this for 30 days, and every alert is deleted
      30 days after it came.
    </p>`;
  return { subject, text, html: letterHtml({ title: subject, body }) };
}
