import { AppError } from "../errors.ts";

// Postmark waits this long for an answer before it counts a delivery as failed.
const TIMEOUT_MS = 120_000;

/** Posts one inbound payload to the webhook and resolves to the HTTP status it answered. */
export type DeliverInbound = (payload: Record<string, unknown>) => Promise<number>;

/**
 * The way a mail takes from Postmark to the webhook.
 *
 * @param url the webhook's whole address
 * @param credential `user:password`
 * @returns a function that rejects with an AppError `unavailable` when nobody answers in time
 */
export function deliverInbound(url: string, credential: string, timeoutMs = TIMEOUT_MS): DeliverInbound {
  const headers = {
    "User-Agent": "Postmark",
    "Content-Type": "application/json",
    Accept: "application/json",
    Authorization: `Basic ${Buffer.from(credential, "utf8").toString("base64")}`,
  };
  return async (payload) => {
    const request = {
      method: "POST",
      headers,
      body: JSON.stringify(payload),
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    } as const;
    try {
      const response = await fetch(url, request);
      await response.body?.cancel();
      return response.status;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new AppError("unavailable", `The webhook did not answer: ${reason}.`, { cause: error });
    }
  };
}
