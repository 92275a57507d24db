import { scaleBand, scaleLinear } from "d3-scale";

/** Where one bar and its column stand, in percent of the drawing's width and height. */
export type Column<Bar> = {
  readonly of: Bar;
  /** The whole column, for the link and the mark of the chosen day. */
  readonly left: number;
  readonly step: number;
  readonly middle: number;
  /** The bar itself; its height is 0 for an amount of 0. */
  readonly x: number;
  readonly width: number;
  readonly y: number;
  readonly height: number;
};

/** A bar chart's measures: one column for each bar, in the order given, and the lines to read heights by. */
export type Geometry<Bar> = {
  readonly columns: readonly Column<Bar>[];
  /** The height of the line that amounts grow from. */
  readonly zero: number;
  /** Round amounts with the height they stand at, zero left out. */
  readonly ticks: readonly { readonly y: number; readonly amountMinor: number }[];
};

// Above the plot there is room for the highest tick's words, below it for two rows of labels.
const TOP = 9;
const BOTTOM = 83;
const TICKS = 3;
// A coffee beside the rent must still be seen.
const LEAST_HEIGHT = 0.7;

/**
 * Places a bar per signed amount. Bars grow up from the zero line, or down from it below zero.
 *
 * Percent and not a viewBox: the stylesheet sets height and letters in rem, so that letters keep their size on a phone and
 * grow with the reader's own text size.
 */
export function chartGeometry<Bar extends { readonly amountMinor: number }>(bars: readonly Bar[]): Geometry<Bar> {
  const amounts = bars.map((bar) => bar.amountMinor);
  const x = scaleBand<number>([0, 100]).domain(amounts.keys()).paddingInner(0.34).paddingOuter(0.17);
  const y = scaleLinear([BOTTOM, TOP])
    .domain([Math.min(0, ...amounts), Math.max(0, ...amounts)])
    .nice(TICKS);
  const zero = y(0);
  const columns = bars.map((bar, index) => {
    const edge = x(index) ?? 0;
    const height = bar.amountMinor === 0 ? 0 : Math.max(LEAST_HEIGHT, Math.abs(y(bar.amountMinor) - zero));
    return {
      of: bar,
      left: round(edge - (x.step() - x.bandwidth()) / 2),
      step: round(x.step()),
      middle: round(edge + x.bandwidth() / 2),
      x: round(edge),
      width: round(x.bandwidth()),
      y: round(bar.amountMinor > 0 ? zero - height : zero),
      height: round(height),
    };
  });
  const ticks = y.ticks(TICKS).filter((value) => value !== 0 && Number.isInteger(value));
  return { columns, zero: round(zero), ticks: ticks.map((value) => ({ y: round(y(value)), amountMinor: value })) };
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100;
}
