import { formatMoney } from "../../ledger/money.ts";
import { chartGeometry } from "./chart-geometry.ts";
import type { Column, Geometry } from "./chart-geometry.ts";
import { sayDays, sayDaySpend } from "./day-spend.ts";
import type { DaySpend } from "./day-spend.ts";
import { dayTable } from "./day-table.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { sayWeekday } from "./say-when.ts";

/** What a chart shows: one currency, each day once, oldest first, no day left out. */
export type BarChartView = {
  readonly currency: string;
  readonly days: readonly DaySpend[];
  /** The day whose purchases are shown beside the chart; it need not be in it. */
  readonly chosen: Temporal.PlainDate;
};

type Day = DaySpend & { readonly isChosen: boolean };

/**
 * A bar per day, and the same numbers as a table after it. The drawing is one image with a text alternative. An image may
 * hold nothing that can be focused, so the links lie above it: one per day, as big as the whole column.
 */
export function barChart({ currency, days, chosen }: BarChartView): Html {
  const geometry = chartGeometry(days.map((day) => ({ ...day, isChosen: day.date.equals(chosen) })));
  return html`<svg class="chart" xmlns="http://www.w3.org/2000/svg">
      ${drawing(geometry, days, currency)} ${geometry.columns.map((column) => link(column, currency))}
    </svg>
    ${dayTable(days, currency)}`;
}

function drawing({ columns, zero, ticks }: Geometry<Day>, days: readonly DaySpend[], currency: string): Html {
  const words = sayTicks(ticks, currency);
  return html`<svg role="img" aria-labelledby="title-${currency}" aria-describedby="days-${currency}">
    <title id="title-${currency}">Spending per day in ${currency}</title>
    <desc id="days-${currency}">${sayDays(days, currency)}</desc>
    <pattern id="back-${currency}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect class="stripe" width="3" height="6" />
    </pattern>
    ${columns.map(mark)} ${ticks.map(({ y }) => html`<line class="grid" x2="100%" y1="${y}%" y2="${y}%" />`)}
    ${columns.map((column) => bar(column, zero, currency))} ${columns.map(label)}
    ${ticks.map(({ y }, index) => html`<text class="tick" y="${y}%" dy="-4">${words[index]}</text>`)}
  </svg>`;
}

function mark({ of: day, left, step }: Column<Day>): Html | null {
  return day.isChosen ? html`<rect class="chosen" x="${left}%" width="${step}%" height="100%" rx="6" />` : null;
}

function bar({ of: day, x, width, y, height }: Column<Day>, zero: number, currency: string): Html {
  const across = html`x="${x}%" width="${width}%"`;
  const down = html`y="${y}%" height="${height}%" rx="3"`;
  if (day.amountMinor > 0) return html`<rect class="bar${day.isChosen && " now"}" ${across} ${down} />`;
  // Striped as well as below the line: what came back must not be told by colour alone.
  if (day.amountMinor < 0) return html`<rect class="bar back" fill="url(#back-${currency})" ${across} ${down} />`;
  return html`<rect class="none" ${across} y="${zero}%" height="2" />`;
}

function label({ of: day, middle }: Column<Day>): Html {
  const look = html`class="label${day.isChosen && " now"}" x="${middle}%"`;
  return html`<text ${look} y="90.5%">${sayWeekday(day.date).slice(0, 1)}</text>
    <text ${look} y="98%">${day.date.day}</text>`;
}

function link({ of: day, left, step }: Column<Day>, currency: string): Html {
  const words = sayDaySpend(day, currency);
  const current = day.isChosen && html`aria-current="date"`;
  return html`<a href="/day/${day.date.toString()}" aria-label="${words}" ${current}>
    <title>${words}</title>
    <rect class="hit" x="${left}%" width="${step}%" height="100%" rx="6" />
  </a>`;
}

/** Without ".00" where all of them are whole. */
function sayTicks(ticks: Geometry<Day>["ticks"], currency: string): string[] {
  const words = ticks.map(({ amountMinor }) => formatMoney({ amountMinor, currency }));
  return words.every((word) => /\.0+$/.test(word)) ? words.map((word) => word.replace(/\.0+$/, "")) : words;
}
