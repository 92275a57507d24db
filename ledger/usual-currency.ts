/** What `$` means to people whose clocks show a zone's time, beyond the United States. */
const BY_ZONE: readonly (readonly [currency: string, zones: readonly string[]])[] = [
  ["CAD", ["Toronto", "Vancouver", "Edmonton", "Winnipeg", "Halifax", "St_Johns", "Regina", "Moncton", "Whitehorse"]],
  ["MXN", ["Mexico_City", "Monterrey", "Tijuana", "Cancun", "Merida", "Hermosillo", "Chihuahua", "Mazatlan"]],
  ["ARS", ["Buenos_Aires", "Cordoba", "Mendoza", "Salta", "Tucuman"]],
  ["AUD", ["Sydney", "Melbourne", "Brisbane", "Perth", "Adelaide", "Hobart", "Darwin"]],
  ["COP", ["Bogota"]],
  ["CLP", ["Santiago", "Punta_Arenas"]],
  ["DOP", ["Santo_Domingo"]],
  ["UYU", ["Montevideo"]],
  ["NZD", ["Auckland"]],
  ["SGD", ["Singapore"]],
  ["HKD", ["Hong_Kong"]],
  ["TWD", ["Taipei"]],
];

const CURRENCIES: ReadonlyMap<string, string> = new Map(
  BY_ZONE.flatMap(([currency, zones]) => zones.map((zone) => [zone, currency] as const)),
);

/**
 * The currency that an amount with a bare `$` most likely is in for somebody in that IANA zone, as long as nothing was booked
 * that shows it. Elsewhere than listed: USD, which is what `$` alone means where the money has another sign.
 */
export function usualCurrencyIn(timeZone: string): string {
  return CURRENCIES.get(timeZone.slice(timeZone.lastIndexOf("/") + 1)) ?? "USD";
}
