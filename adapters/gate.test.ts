import fc from "fast-check";
import { expect, it } from "vitest";

import { openGate } from "./gate.ts";

it("lets as many in as there is room for, and one more for each that left", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4 }), fc.array(fc.boolean(), { maxLength: 40 }), (room, moves) => {
      const gate = openGate(room);
      let inside = 0;
      for (const isEntering of moves) {
        if (isEntering) {
          expect(gate.enter()).toBe(inside < room);
          inside = Math.min(inside + 1, room);
        } else if (inside > 0) {
          gate.leave();
          inside -= 1;
        }
      }
    }),
  );
});

it("counts apart from other gates", () => {
  const [first, second] = [openGate(1), openGate(1)];
  expect([first.enter(), first.enter(), second.enter()]).toEqual([true, false, true]);
});
