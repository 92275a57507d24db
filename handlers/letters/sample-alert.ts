import { formatMoney } from "../../ledger/money.ts";
import type { Money } from "../../ledger/money.ts";
import { html } from "../pages/html.ts";
import { sayMoment, sayZone } from "../pages/say-when.ts";
import { letterHtml } from "./letter.ts";
import type { Letter } from "./letter.ts";

/**
 * An alert such as a bank sends, to the account's own alert address: it proves that mails arrive. It says that it is a
 * sample, and is recognised by its single-use code alone, which stands on a line of its own in both bodies.
 *
 * @param sample.at when the invented purchase happened, in the account's zone
 */
export function sampleLetter(sample: {
  readonly code: string;
  readonly merchant: string;
  readonly money: Money;
  readonly at: Temporal.ZonedDateTime;
}): Letter {
  const { code, merchant, money, at } = sample;
  const amount = formatMoney(money);
  const subject = `Sample: your ${amount} purchase at ${merchant}`;
  const rows = [
    ["Merchant", merchant],
    ["Amount", amount],
    ["Made on", `${sayMoment(at)} ${sayZone(at.timeZoneId)}`],
  ] as const;
  const text = `This is a sample alert. No money was spent.

${rows.map(([name, value]) => `${name}: ${value}`).join("\n")}

You asked for it on your Connect page. A real alert from your bank looks much
like this, and takes the same way to your dashboard.

Sample code: ${code}
`;
  const body = html`<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">A purchase was made</h1>
    <p style="margin:0 0 16px"><b>This is a sample alert. No money was spent.</b></p>
    <table role="presentation" style="width:100%;margin:0 0 16px;border-collapse:collapse">
      ${rows.map(
        ([name, value]) =>
          html`<tr>
            <td class="soft" style="padding:6px 12px 6px 0;color:#566062;vertical-align:top">${name}</td>
            <td style="padding:6px 0;text-align:right">${value}</td>
          </tr>`,
      )}
    </table>
    <p style="margin:0 0 12px">
      You asked for it on your Connect page. A real alert from your bank looks much like this, and takes the same way to
      your dashboard.
    </p>
    <p class="soft" style="margin:0;color:#566062;font-size:14px">Sample code: ${code}</p>`;
  return { subject, text, html: letterHtml({ title: subject, body }) };
}
