import { progressBar } from "../progress-bar.ts";

/** Shows a line that the next one replaces; null where nobody watches. */
export type ShowLine = ((line: string) => void) | null;

// Often enough to look alive; what is drawn more often nobody sees.
const SHOW_EVERY_MS = 100;

/**
 * A bar for each step, which moves when there is something to see; a new step begins its own rate.
 *
 * @returns is told what is done, and how many bytes of how many
 */
export function showProgress(show: ShowLine): (does: string, done: number, total: number) => void {
  let step = "";
  let since = 0;
  let shownAt = 0;
  return (does, done, total) => {
    const now = performance.now();
    if (step !== does) [step, since] = [does, now];
    if (show === null || (now - shownAt < SHOW_EVERY_MS && done < total)) return;
    shownAt = now;
    show(progressBar(does, done, total, now - since));
  };
}
