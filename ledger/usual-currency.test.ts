import { expect, it } from "vitest";

import { usualCurrencyIn } from "./usual-currency.ts";

it.each([
  ["America/New_York", "USD"],
  ["America/Toronto", "CAD"],
  ["America/Argentina/Buenos_Aires", "ARS"],
  ["Pacific/Auckland", "NZD"],
  ["Europe/Berlin", "USD"],
  ["UTC", "USD"],
])("takes a bare dollar sign in %s for %s", (zone, currency) => {
  expect(usualCurrencyIn(zone)).toBe(currency);
});
