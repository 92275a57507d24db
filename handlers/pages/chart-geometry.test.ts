import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chartGeometry } from "./chart-geometry.ts";

const bars = (amounts: readonly number[]) => amounts.map((amountMinor) => ({ amountMinor }));
const anyAmounts = fc.array(fc.integer({ min: -10_000_000, max: 10_000_000 }), { minLength: 1, maxLength: 31 });

describe("chartGeometry", () => {
  it("keeps every bar inside its own column and inside the drawing", () => {
    fc.assert(
      fc.property(anyAmounts, (amounts) => {
        const { columns } = chartGeometry(bars(amounts));
        expect(columns).toHaveLength(amounts.length);
        columns.forEach(({ left, step, x, width, y, height }, index) => {
          expect(left).toBeCloseTo((100 / amounts.length) * index, 1);
          expect(x).toBeGreaterThan(left);
          expect(x + width).toBeLessThan(left + step);
          expect(y).toBeGreaterThanOrEqual(8);
          expect(y + height).toBeLessThanOrEqual(84);
        });
      }),
    );
  });

  it("grows bars up from the zero line for what was spent, and down for what came back", () => {
    const { columns, zero } = chartGeometry(bars([5000, -2500, 0]));
    const [spent, back, nothing] = columns;
    expect((spent?.y ?? 0) + (spent?.height ?? 0)).toBeCloseTo(zero, 1);
    expect(back?.y).toBe(zero);
    expect(spent?.height).toBeCloseTo((back?.height ?? 0) * 2, 1);
    expect(nothing?.height).toBe(0);
  });

  it("never draws the larger amount lower, and a tiny one so that it can still be seen", () => {
    fc.assert(
      fc.property(anyAmounts, (amounts) => {
        const { columns } = chartGeometry(bars(amounts));
        const bySize = columns.toSorted((a, b) => Math.abs(a.of.amountMinor) - Math.abs(b.of.amountMinor));
        bySize.forEach(({ of, height }, index) => {
          expect(height).toBeGreaterThanOrEqual((bySize[index - 1]?.height ?? 0) - 0.01);
          if (of.amountMinor !== 0) expect(height).toBeGreaterThanOrEqual(0.7);
        });
      }),
    );
  });

  it("reads heights by round amounts on the same scale as the bars", () => {
    const { ticks, columns } = chartGeometry(bars([10_000, 3000]));
    expect(ticks.map((tick) => tick.amountMinor)).toEqual([5000, 10_000]);
    expect(ticks[1]?.y).toBe(columns[0]?.y);
  });

  it("has no lines to read by when nothing was spent", () => {
    expect(chartGeometry(bars([0, 0])).ticks).toEqual([]);
  });
});
