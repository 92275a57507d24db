import type { Gate } from "../app.ts";

/** A gate that lets `room` in at a time. */
export function openGate(room: number): Gate {
  let inside = 0;
  return {
    enter() {
      if (inside >= room) return false;
      inside += 1;
      return true;
    },
    leave() {
      inside -= 1;
    },
  };
}
