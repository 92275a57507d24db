/** How many minutes of steady load were asked for (`npm run torture`), or null: then this is the gate's short form. */
export const MINUTES = minutesFrom(process.env["TORTURE_MINUTES"]);

/** What makes a run's choices. It is printed with them, so that they can be made again with TORTURE_SEED. */
export const SEED = Number(process.env["TORTURE_SEED"] ?? Math.floor(Math.random() * 1e6));

/** One of two sizes: for the gate, which may take seconds, or for `npm run torture`, which may take minutes. */
export function scaled<T>(short: T, long: T): T {
  return MINUTES === null ? short : long;
}

function minutesFrom(text: string | undefined): number | null {
  if (text === undefined) return null;
  const minutes = Number(text);
  if (!(minutes > 0)) throw new Error(`TORTURE_MINUTES is not a number of minutes: ${text}`);
  return minutes;
}
