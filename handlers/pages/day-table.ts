import { formatMoney } from "../../ledger/money.ts";
import { saySum } from "./day-spend.ts";
import type { DaySpend } from "./day-spend.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { sayShortDay } from "./say-when.ts";

/** The numbers of a chart as a table: for those who hear the page, want to copy, or can't hit a narrow bar. */
export function dayTable(days: readonly DaySpend[], currency: string): Html {
  return html`<details>
    <summary>The same numbers as a table</summary>
    <table>
      <caption class="hush">
        Spending per day in ${currency}
      </caption>
      <thead>
        <tr>
          <th scope="col">Day</th>
          <th scope="col" class="number">Purchases</th>
          <th scope="col" class="number">Spent</th>
        </tr>
      </thead>
      <tbody>
        ${days.map((day) => row(day, currency))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Together</th>
          <td class="number">${days.reduce((sum, day) => sum + day.purchases, 0)}</td>
          <td class="number">${saySum(days, currency)}</td>
        </tr>
      </tfoot>
    </table>
  </details>`;
}

function row({ date, purchases, amountMinor }: DaySpend, currency: string): Html {
  return html`<tr>
    <th scope="row"><a href="/day/${date.toString()}">${sayShortDay(date)}</a></th>
    <td class="number">${purchases}</td>
    <td class="number">${formatMoney({ amountMinor, currency })}</td>
  </tr>`;
}
