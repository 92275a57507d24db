/** The last digits of a card or account as institutions write them: `(...8394)`, `************1001`, `ending in 12345`. */
export function lastDigits(text: string): string | null {
  return /(?<!\d)(\d{3,5})\W{0,3}$/.exec(text)?.[1] ?? null;
}
