import { formatMoney } from "../../ledger/money.ts";
import { chartGeometry } from "./chart-geometry.ts";
import type { Column, Geometry } from "./chart-geometry.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { count, sayDate, sayShortDay, sayWeekday } from "./say-when.ts";

/** One day of one currency. */
export type DaySpend = {
  readonly date: Temporal.PlainDate;
  /** Signed: below zero when more came back than went out. */
  readonly amountMinor: number;
  readonly purchases: number;
};

/** What a chart shows: one currency, each day once, oldest first, no day left out. */
export type BarChartView = {
  readonly currency: string;
  readonly days: readonly DaySpend[];
  /** The day whose purchases are shown beside the chart; it need not be in it. */
  readonly chosen: Temporal.PlainDate;
};

/**
 * A bar per day, and the same numbers as a table after it. The drawing is one image with a text alternative. An image may
 * hold nothing that can be focused, so the links lie above it: one per day, as big as the whole column.
 */
export function barChart(view: BarChartView): Html {
  const columns = chartGeometry(view.days.map((day) => day.amountMinor));
  return html`<svg class="chart" xmlns="http://www.w3.org/2000/svg">
      ${drawing(view, columns)} ${view.days.map((day, index) => link(day, columns.columns[index], view))}
    </svg>
    ${table(view)}`;
}

function drawing(view: BarChartView, { columns, zero, ticks }: Geometry): Html {
  const { currency, days, chosen } = view;
  const back = `back-${currency}`;
  const words = sayTicks(ticks, currency);
  const placed = columns.flatMap((column, index) => {
    const day = days[index];
    return day ? [{ day, column, isChosen: day.date.equals(chosen) }] : [];
  });
  return html`<svg role="img" aria-labelledby="title-${currency}" aria-describedby="desc-${currency}">
    <title id="title-${currency}">Spending per day in ${currency}</title>
    <desc id="desc-${currency}">${description(view)}</desc>
    <defs>
      <pattern id="${back}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="stripe" width="3" height="6" />
      </pattern>
    </defs>
    ${placed.map(({ column, isChosen }) => isChosen && html`<rect class="chosen" x="${column.left}%" width="${column.step}%" height="100%" rx="6" />`)}
    ${ticks.map(({ y }) => html`<line class="grid" x2="100%" y1="${y}%" y2="${y}%" />`)}
    ${placed.map(({ day, column, isChosen }) => bar(day, column, zero, isChosen, back))}
    ${placed.map(({ day, column, isChosen }) => label(day, column, isChosen))}
    ${ticks.map(({ y }, index) => html`<text class="tick" y="${y}%" dy="-4">${words[index]}</text>`)}
  </svg>`;
}

function bar(day: DaySpend, { x, width, y, height }: Column, zero: number, isChosen: boolean, back: string): Html {
  if (day.amountMinor === 0) return html`<rect class="none" x="${x}%" width="${width}%" y="${zero}%" height="2" />`;
  const place = html`x="${x}%" width="${width}%" y="${y}%" height="${height}%" rx="3"`;
  // Striped as well as coloured: what came back must not be told by colour alone.
  if (day.amountMinor < 0) return html`<rect class="bar back" fill="url(#${back})" ${place} />`;
  return html`<rect class="bar${isChosen && " now"}" ${place} />`;
}

function label({ date }: DaySpend, { middle }: Column, isChosen: boolean): Html {
  const look = html`class="label${isChosen && " now"}" x="${middle}%"`;
  return html`<text ${look} y="90.5%">${sayWeekday(date).slice(0, 1)}</text><text ${look} y="98%">${date.day}</text>`;
}

/** Without ".00" where all of them are whole. */
function sayTicks(ticks: Geometry["ticks"], currency: string): string[] {
  const words = ticks.map(({ amountMinor }) => formatMoney({ amountMinor, currency }));
  return words.every((word) => /\.0+$/.test(word)) ? words.map((word) => word.replace(/\.0+$/, "")) : words;
}

function link(day: DaySpend, column: Column | undefined, { currency, chosen }: BarChartView): Html | null {
  if (!column) return null;
  const words = sayBar(day, currency);
  return html`<a
    href="/day/${day.date.toString()}"
    aria-label="${words}"
    ${day.date.equals(chosen) && html` aria-current="date"`}
    ><title>${words}</title><rect class="hit" x="${column.left}%" width="${column.step}%" height="100%" rx="6"
  /></a> `;
}

function table({ currency, days, chosen }: BarChartView): Html {
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
        ${days.map(
          ({ date, purchases, amountMinor }) =>
            html`<tr>
              <th scope="row">
                <a href="/day/${date.toString()}" ${date.equals(chosen) && html` aria-current="date"`}
                  >${sayShortDay(date)}</a
                >
              </th>
              <td class="number">${purchases}</td>
              <td class="number">${formatMoney({ amountMinor, currency })}</td>
            </tr> `,
        )}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Together</th>
          <td class="number">${sum(days.map((day) => day.purchases))}</td>
          <td class="number">${total(days, currency)}</td>
        </tr>
      </tfoot>
    </table>
  </details>`;
}

function description({ currency, days }: BarChartView): string {
  const [first, last] = [days.at(0), days.at(-1)];
  if (!first || !last) return "No days.";
  const highest = days.reduce((high, day) => (day.amountMinor > high.amountMinor ? day : high));
  const period = `From ${sayDate(first.date)} to ${sayDate(last.date)}: ${total(days, currency)} together.`;
  return highest.amountMinor > 0 ? `${period} Most on ${sayBar(highest, currency)}.` : period;
}

/** "Tue 17 Nov, $68.82, 4 purchases" */
function sayBar({ date, amountMinor, purchases }: DaySpend, currency: string): string {
  if (amountMinor === 0 && purchases === 0) return `${sayShortDay(date)}, nothing spent`;
  return `${sayShortDay(date)}, ${formatMoney({ amountMinor, currency })}, ${count(purchases, "purchase")}`;
}

function total(days: readonly DaySpend[], currency: string): string {
  return formatMoney({ amountMinor: sum(days.map((day) => day.amountMinor)), currency });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((before, number) => before + number, 0);
}
