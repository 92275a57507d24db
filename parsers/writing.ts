/** How an institution writes amounts and times. */
export type Writing = {
  /** What an amount is in that names no currency, or only a sign that several share such as `$`. ISO 4217. */
  readonly currency: string;
  /** The mark between whole and fraction; null for institutions that write both, where the shape decides. */
  readonly decimal: "." | "," | null;
  /** Which comes first in a day written in numbers. */
  readonly dates: "day-first" | "month-first";
  /** IANA zone of a time of day that names none; null where it is not known: then only the day counts. */
  readonly zone: string | null;
};

/** As the United States write. No bank there has one zone, so a time without its own is only a day. */
export const US = { currency: "USD", decimal: ".", dates: "month-first", zone: null } as const satisfies Writing;

/** As India writes. One zone for all of it, so a time without a zone is that one's. */
export const INDIA = {
  currency: "INR",
  decimal: ".",
  dates: "day-first",
  zone: "Asia/Kolkata",
} as const satisfies Writing;

/** As Canada writes in English. Alerts name the zone of a time, or give none. */
export const CANADA = { currency: "CAD", decimal: ".", dates: "month-first", zone: null } as const satisfies Writing;

/** As the Dominican Republic writes: one zone, and amounts that carry their sign (`RD$`, `US$`, `DOP`). */
export const DOMINICAN_REPUBLIC = {
  currency: "DOP",
  decimal: ".",
  dates: "day-first",
  zone: "America/Santo_Domingo",
} as const satisfies Writing;

/** As Singapore writes. */
export const SINGAPORE = {
  currency: "SGD",
  decimal: ".",
  dates: "day-first",
  zone: "Asia/Singapore",
} as const satisfies Writing;

/** As Japan writes. Its days begin with the year, which is understood by itself. */
export const JAPAN = {
  currency: "JPY",
  decimal: ".",
  dates: "day-first",
  zone: "Asia/Tokyo",
} as const satisfies Writing;

/** As Mexico writes. It has four zones and banks name none, so a time is only a day. */
export const MEXICO = { currency: "MXN", decimal: ".", dates: "day-first", zone: null } as const satisfies Writing;

/** As Peru writes. Amounts carry their sign: `S/`, and `$` for dollars. */
export const PERU = {
  currency: "PEN",
  decimal: ".",
  dates: "day-first",
  zone: "America/Lima",
} as const satisfies Writing;

/** As Colombia writes. One bank writes `44.247,00` and `84,000.00`. */
export const COLOMBIA = {
  currency: "COP",
  decimal: null,
  dates: "day-first",
  zone: "America/Bogota",
} as const satisfies Writing;

/** As Costa Rica writes, in colones and dollars. */
export const COSTA_RICA = {
  currency: "CRC",
  decimal: ".",
  dates: "day-first",
  zone: "America/Costa_Rica",
} as const satisfies Writing;

/** As the United Arab Emirates write. */
export const EMIRATES = {
  currency: "AED",
  decimal: ".",
  dates: "day-first",
  zone: "Asia/Dubai",
} as const satisfies Writing;
