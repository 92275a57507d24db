/** RFC 5321's limits for an address and the part before its `@`. */
const MAX_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;
/** Dots only between other characters; no quotes, white space, commas, brackets or anything beyond ASCII. */
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const LETTERS_BEYOND_ASCII = /^[\p{L}\p{M}\p{N}.-]+$/u;

/**
 * The one spelling under which a mail address is known here: trimmed, in lower case, its domain in ASCII. Null when the
 * text is not an address that we would write to: exactly one `@`, a host name with a dot behind it (no IP address), no
 * quotes, commas, white space or control characters, so that it can't name two recipients or break into a header.
 */
export function normaliseEmail(text: string): string | null {
  // Measured before trimming: nobody has a megabyte of blanks around an address.
  if (text.length > MAX_LENGTH) return null;
  const [local = "", written = "", ...more] = text.trim().split("@");
  if (more.length > 0 || local.length > MAX_LOCAL_LENGTH || !LOCAL.test(lowerAscii(local))) return null;
  const domain = asciiDomain(written);
  const address = `${lowerAscii(local)}@${domain}`;
  return domain !== null && address.length <= MAX_LENGTH ? address : null;
}

/** Whether an address, as `normaliseEmail` gives it, is at exactly that domain, which is in lower case. */
export function isAddressAt(address: string, domain: string): boolean {
  return address.endsWith(`@${domain}`);
}

function asciiDomain(written: string): string | null {
  const isAscii = /^[\x21-\x7e]*$/.test(written);
  if (!isAscii && !LETTERS_BEYOND_ASCII.test(written)) return null;
  // The platform's own parser of addresses knows how international names are written in ASCII.
  const domain = isAscii ? written.toLowerCase() : (URL.parse(`http://${written}`)?.hostname ?? "");
  const labels = domain.split(".");
  const isHostName = labels.length > 1 && labels.every((label) => LABEL.test(label));
  return isHostName && !/^\d+$/.test(labels.at(-1) ?? "") ? domain : null;
}

/** Not `toLowerCase()`: it turns some foreign letters into a plain k or i, and two people into one. */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
