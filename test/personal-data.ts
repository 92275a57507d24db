/** Numbers and addresses that institutions print in every mail for everybody. */
const PUBLISHED_NUMBERS: ReadonlySet<string> = new Set(["888-403-9000", "1-877-242-7372", "1-800-956-4442"]);
const PUBLISHED_ADDRESSES: ReadonlySet<string> = new Set(["abuse@bankofamerica.com"]);

/** Reserved for examples, and the machinery that mails pass through. */
const NOBODYS_DOMAINS = ["example.com", "example.net", "example", "google.com", "mail.gmail.com", "postmarkapp.com"];

const ADDRESS = /[a-z0-9._%+=-]+@([a-z0-9-]+(?:\.[a-z0-9-]+)+)/gi;
const NUMBER = /(?<![\d.])(?:\+?1[-. ]?)?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}(?![\d.])/g;
const CARD = /(?<!\d)\d(?:[ -]?\d){15}(?!\d)/g;
/** Drawn at random, so that now and then one looks like a number of somebody's. */
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const BASE64 = /[A-Za-z0-9+/]{16,}={0,2}/g;

/**
 * What in a text looks like a real person's data: addresses outside the domains of nobody and those given, telephone
 * numbers that no institution publishes, card numbers. Looks into quoted-printable lines and base64 words as well.
 */
export function personalData(text: string, institutionDomains: readonly string[]): string[] {
  const unfolded = text.replaceAll(/=\r?\n/g, "").replaceAll(UUID, "");
  const unquoted = unfolded.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const layers = [unfolded, unquoted];
  const decoded = layers.flatMap((layer) => [...layer.matchAll(BASE64)].map(([word]) => atob(wholeBase64(word))));
  const domains = [...NOBODYS_DOMAINS, ...institutionDomains];
  return [...layers, ...decoded].flatMap((layer) => [
    ...[...layer.matchAll(ADDRESS)]
      .filter(([address, domain = ""]) => !PUBLISHED_ADDRESSES.has(address) && !isWithin(domain, domains))
      .map(([address]) => address),
    ...[...layer.matchAll(NUMBER)].map(([number]) => number).filter((number) => !PUBLISHED_NUMBERS.has(number)),
    ...[...layer.matchAll(CARD)].map(([number]) => number),
  ]);
}

function wholeBase64(word: string): string {
  const digits = word.replaceAll("=", "");
  return digits.slice(0, digits.length - (digits.length % 4 === 1 ? 1 : 0));
}

function isWithin(domain: string, domains: readonly string[]): boolean {
  return domains.some((allowed) => `.${domain.toLowerCase()}`.endsWith(`.${allowed}`));
}
