const WIDTH = 24;
const MEGABYTE = 1_000_000;

/**
 * One line that shows how far something has come: a bar, bytes and rate.
 *
 * @param done bytes, of `total`, in `elapsedMs`
 */
export function progressBar(does: string, done: number, total: number, elapsedMs: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * WIDTH);
  const bar = "#".repeat(filled) + "-".repeat(WIDTH - filled);
  const rate = elapsedMs === 0 ? 0 : (done / elapsedMs) * 1_000;
  return `${does} [${bar}] ${Math.floor(share * 100)} %  ${inMegabytes(done)} of ${sayMegabytes(total)}, ${sayMegabytes(rate)}/s`;
}

/** As people read it: 0.4 MB, 254 MB. */
export function sayMegabytes(bytes: number): string {
  return `${inMegabytes(bytes)} MB`;
}

function inMegabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(bytes < 10 * MEGABYTE ? 1 : 0);
}
