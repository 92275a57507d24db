import type { Page } from "./generic-page.ts";

/** Countries whose money is written with a sign that others share: the beginning of their names, their domain, their money. */
const COUNTRIES: readonly (readonly [name: string, domain: string, currency: string])[] = [
  ["canad", "ca", "CAD"],
  ["singap", "sg", "SGD"],
  ["austral", "au", "AUD"],
  ["new zealand", "nz", "NZD"],
  ["hong kong", "hk", "HKD"],
  ["taiwan", "tw", "TWD"],
  ["mexic", "mx", "MXN"],
  ["colombia", "com.co", "COP"],
  ["chile", "cl", "CLP"],
  ["argentin", "ar", "ARS"],
  ["uruguay", "uy", "UYU"],
  ["dominican", "do", "DOP"],
  ["costa rica", "cr", "CRC"],
  ["jamaica", "jm", "JMD"],
  ["japan", "jp", "JPY"],
];

/**
 * What a bare `$` or a number without a sign stands for: the money of the country that the sender's domain names, else
 * what the person usually pays in, else of the one country that the words name, else dollars in English. Null when none
 * says it. `words` is the folded text without merchants, whose names hold countries too.
 */
export function usualCurrency(from: string, words: string, page: Page, usual: string | undefined): string | null {
  const domain = from.slice(from.lastIndexOf("@") + 1);
  const ofDomain = COUNTRIES.filter(([name, ending]) => domain.endsWith(`.${ending}`) || domain.includes(name));
  const [bySender, other] = [...new Set(ofDomain.map(([, , currency]) => currency))];
  if (bySender !== undefined) return other === undefined ? bySender : null;
  if (usual !== undefined) return usual;
  const named = COUNTRIES.filter(([name]) => words.includes(name));
  const [byWords, another] = named.map(([, , currency]) => currency);
  if (byWords !== undefined) return another === undefined ? byWords : null;
  return page.words.isEnglish ? "USD" : null;
}

/** The currency that the value of a label such as `Currency` names, by its code or its country; null when it names none. */
export function namedCurrency(folded: string): string | null {
  const code = folded.trim().toUpperCase();
  if (/^[A-Z]{3}$/.test(code) && Intl.supportedValuesOf("currency").includes(code)) return code;
  if (/dolar|dollar/.test(folded))
    return /^(?:us |u\.s\. )?(?:dolar|dollar)(?:es|s)?(?: (?:us|usa|estadounidense|americano))?$/.test(
      code.toLowerCase(),
    )
      ? "USD"
      : null;
  return COUNTRIES.find(([name]) => folded.includes(name))?.[2] ?? null;
}
