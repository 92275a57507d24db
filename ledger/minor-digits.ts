/**
 * The currencies of ISO 4217 that do not have two decimals. Not the platform's own figures: those say how prices are
 * usually written and change between its versions (there rupiah, forint and Pakistan's rupee have none, though banks
 * write `PKR 1,500.00`), while what is stored must mean the same for ever. Source: ISO 4217, list one, as SIX keeps it.
 */
const DIGITS: ReadonlyMap<string, number> = new Map([
  ..."BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ").map((code) => [code, 0] as const),
  ..."BHD IQD JOD KWD LYD OMR TND".split(" ").map((code) => [code, 3] as const),
  ..."CLF UYW".split(" ").map((code) => [code, 4] as const),
]);

/** How many decimals the currency's minor unit stands for: 2 for USD, 0 for JPY, 3 for BHD. */
export function minorDigits(currency: string): number {
  return DIGITS.get(currency) ?? 2;
}
