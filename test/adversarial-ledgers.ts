import { CASES } from "./adversarial/cases.ts";
import { emptyWorld, type Told } from "./adversarial/world.ts";
import type { VOCABULARIES } from "./adversarial/merchants.ts";

/**
 * One account's sixty days as its mails tell of them, in the order in which the mails came, with what is true of each.
 *
 * Made from what is known of real alert mails and of how people pay, and before the rules that are measured on it: what
 * came since made it harder for them, new merchants and equal rounds at a bar. The same seed gives the same ledger.
 */
export function adversarialLedger(seed: number, vocabulary: keyof typeof VOCABULARIES): readonly Told[] {
  const world = emptyWorld(seed, vocabulary);
  const total = CASES.reduce((sum, { weight }) => sum + weight, 0);
  for (let left = world.random.whole(25, 60); left > 0; left -= 1) {
    let draw = world.random.between(0, total);
    const drawn = CASES.find(({ weight }) => (draw -= weight) < 0);
    drawn?.happen(world);
  }
  return world.told.toSorted((a, b) => a.candidate.mailDate - b.candidate.mailDate);
}
