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
