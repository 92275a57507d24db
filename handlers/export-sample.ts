import { createHmac, hash } from "node:crypto";

import { isAddressAt } from "../access/email-address.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { unwrapForward } from "../parsers/forwarded.ts";
import { redactMail, type Person } from "../parsers/redact.ts";
import { readInboundPayload, toMail, type InboundPayload } from "./inbound-payload.ts";
import { unpacked } from "./packing.ts";

// With what hangs on it.
const MAX_BYTES = 64 * 1024 * 1024;
// Alerts have some ten kilobytes, nobody pastes more than this into an issue, and the service waits for each of them.
const MAX_CHARACTERS = 256 * 1024;
const TOO_LARGE = "This mail is too large for a sample.";
const RECIPIENT = /(?:"([^"]*)"\s*|(?<![^",<>])([^",<>]*))<([^<>\s]+)>|(?<![^\s",<>])([^\s",<>]+@[^\s",<>]+)/g;
const MIN_NAME = 3;

/**
 * `wtmm export-sample MAIL-ID`: a kept mail as one of a fixture set, without what is its person's own. The same mail gives
 * the same sample.
 *
 * @throws AppError `not_found` for a mail that is not kept, `invalid` for one that can't be read
 */
export async function exportSample(mailId: string, app: App): Promise<string> {
  const kept = await app.store.keptMail(mailId);
  const packed = await app.store.payload(mailId);
  if (kept === null || packed === null) throw new AppError("not_found", `There is no kept mail ${mailId}.`);
  const payload = readInboundPayload(unpackedOf(packed));
  if (payload === null) throw new AppError("invalid", `The mail ${mailId} is not in a form that can be read.`);
  if (payload.HtmlBody.length + payload.TextBody.length > MAX_CHARACTERS) throw new AppError("invalid", TOO_LARGE);
  const addresses = kept.accountId === null ? [] : await app.store.addresses(kept.accountId);
  const receivedAt = Temporal.Instant.fromEpochMilliseconds(kept.receivedAt);
  const own = addresses.map(({ address }) => address);
  return sampleOf(payload, { receivedAt, addresses: own, domain: app.config.domain });
}

/** As `exportSample`, for a payload that is at hand; of a forward the mail inside. */
export function sampleOf(
  payload: InboundPayload,
  known: { readonly receivedAt: Temporal.Instant; readonly addresses: readonly string[]; readonly domain: string },
): string {
  const outer = toMail(payload, known.receivedAt);
  const forward = unwrapForward(outer);
  const forwarder = forward === null ? [] : [{ name: outer.fromName, address: outer.from }];
  const recipients = [...forwarder, ...recipientsIn(payload.To), { name: "", address: forward?.originalTo ?? "" }];
  const addresses = [...known.addresses, ...recipients.map(({ address }) => address)]
    .map((address) => address.toLowerCase())
    .filter((address) => address !== "" && !isAddressAt(address, known.domain));
  const person: Person = {
    names: [...recipients.map(({ name }) => name), ...addresses.map(nameInAddress)],
    addresses,
  };
  // Only who has the mail can tell from the sample what stood in it.
  const key = hash("sha256", JSON.stringify(payload), "buffer");
  const { name, from, subject, date, body } = redactMail(forward?.mail ?? outer, person, (word, choices) =>
    Math.floor((createHmac("sha256", key).update(word).digest().readUInt32BE() / 2 ** 32) * choices),
  );
  const head = [`=== ${name}`, `From: ${from}`, `Subject: ${subject}`.trimEnd(), `Date: ${date}`];
  return `${head.join("\n")}\n\n${body === "" ? "(no text)" : body}`;
}

function unpackedOf(packed: Uint8Array): Uint8Array {
  try {
    return unpacked(packed, MAX_BYTES);
  } catch (cause) {
    throw new AppError("invalid", TOO_LARGE, { cause });
  }
}

function recipientsIn(to: string): { name: string; address: string }[] {
  return [...to.matchAll(RECIPIENT)].map(([, quoted, plain, address, bare]) => {
    const name = (quoted ?? plain ?? "").trim();
    return { name: name.includes("@") ? "" : name, address: address ?? bare ?? "" };
  });
}

/** `jane.doe+bank@example.com` is Jane Doe's. */
function nameInAddress(address: string): string {
  const [local = ""] = address.split("@");
  const parts = (local.split("+")[0] ?? "").split(/[^\p{L}]+/u);
  return parts.filter((part) => part.length >= MIN_NAME).join(" ");
}
