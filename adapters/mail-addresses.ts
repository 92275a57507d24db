import PostalMime from "postal-mime";

// In this order: what a forwarding hop wrote says more than what the sender wrote.
const HEADERS = ["x-forwarded-to", "delivered-to", "to", "cc"];

/** The bare addresses that a mail's own headers say it went to, the most telling first. */
export async function addressesOf(raw: Uint8Array): Promise<string[]> {
  try {
    const mail = await PostalMime.parse(raw);
    return HEADERS.flatMap((name) =>
      mail.headers
        .filter((header) => header.key === name)
        .flatMap((header) => header.value.match(/[^\s<>,;:"]+@[^\s<>,;:"]+/g) ?? []),
    );
  } catch {
    return [];
  }
}
