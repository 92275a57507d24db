import { getPriority, setPriority } from "node:os";
import { setTimeout as pause } from "node:timers/promises";

import { CREDENTIAL } from "../test/fake-app.ts";

/** What is posted, and how fast: the bodies in turn, each with a MessageID of its own in the place of `[<id>]`. */
export type Pace = {
  readonly bodies: readonly string[];
  readonly perSecond: number;
  /** For so many seconds, or until it settles. */
  readonly lasts: number | Promise<unknown>;
};

/**
 * Posts mails to the webhook at an even pace, as they come from a provider, whether or not the ones before are answered.
 * Load tools send what is due in bursts, and then measure how they stand in each other's way.
 *
 * @param due told the moment at which each was to be sent, by its MessageID
 * @returns milliseconds from when each was due to its answer, the shortest first
 * @throws Error on any answer but 200
 */
export async function postPaced(
  url: string,
  { bodies, perSecond, lasts }: Pace,
  due: (id: string, at: number) => void = () => {},
): Promise<number[]> {
  using _ = ahead();
  const stream = crypto.randomUUID();
  const posts: Promise<number>[] = [];
  let isOver = false;
  const end = (): void => void (isOver = true);
  if (typeof lasts !== "number") lasts.then(end, end);
  const startedAt = performance.now();
  const most = typeof lasts === "number" ? lasts * perSecond : Infinity;
  for (let number = 0; number < most && !isOver; number += 1) {
    const at = startedAt + (number * 1000) / perSecond;
    await pause(Math.max(0, at - performance.now()));
    const id = `${stream}-${number}`;
    due(id, at);
    const body = (bodies[number % bodies.length] ?? "").replaceAll("[<id>]", id);
    const took = post(url, body).then(() => performance.now() - at);
    // Heard at the end.
    took.catch(() => {});
    posts.push(took);
  }
  return (await Promise.all(posts)).toSorted((a, b) => a - b);
}

/** In service it is another machine that posts: where we may say so, it waits for no processor here. */
function ahead(): Disposable {
  const before = getPriority();
  try {
    setPriority(before - 15);
  } catch {
    // Only root may, and without it the times are a little longer.
  }
  return { [Symbol.dispose]: () => setPriority(before) };
}

/** Which value that share of the sorted ones does not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
}

async function post(url: string, body: string): Promise<void> {
  const response = await fetch(`${url}/webhook/inbound`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from(CREDENTIAL).toString("base64")}`,
    },
  });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`A mail was answered ${response.status}.`);
}
