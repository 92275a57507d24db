import { scaleBand, scaleLinear } from "d3-scale";

/** Where one bar and its column stand, in percent of the drawing's width and height. */
export type Column = {
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

/** The drawing of a list of amounts: one column each, in the order given, and the lines to read heights by. */
export type Geometry = {
  readonly columns: readonly Column[];
  readonly zero: number;
  /** Round amounts with the height they stand at, zero left out. */
  readonly ticks: readonly { readonly y: number; readonly amountMinor: number }[];
};

// Above the plot there is room for the highest tick's words, below it for two rows of labels.
const TOP = 9;
const BOTTOM = 83;
const TICKS = 3;

/**
 * Places a bar per amount (signed minor units). Bars grow up from the zero line, or down from it below zero.
 *
 * Percent and not a viewBox: the stylesheet sets height and letters in rem, so that letters keep their size on a phone and
 * grow with the reader's own text size.
 */
export function chartGeometry(amounts: readonly number[]): Geometry {
  const x = scaleBand<number>([0, 100]).domain(amounts.keys()).paddingInner(0.34).paddingOuter(0.17);
  const y = scaleLinear([BOTTOM, TOP])
    .domain([Math.min(0, ...amounts), Math.max(0, ...amounts)])
    .nice(TICKS);
  const columns = amounts.map((amount, index) => {
    const edge = x(index) ?? 0;
    const top = y(Math.max(0, amount));
    return {
      left: round(edge - (x.step() - x.bandwidth()) / 2),
      step: round(x.step()),
      middle: round(edge + x.bandwidth() / 2),
      x: round(edge),
      width: round(x.bandwidth()),
      y: round(top),
      height: round(y(Math.min(0, amount)) - top),
    };
  });
  const ticks = y.ticks(TICKS).filter((value) => value !== 0 && Number.isInteger(value));
  return { columns, zero: round(y(0)), ticks: ticks.map((value) => ({ y: round(y(value)), amountMinor: value })) };
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100;
}
