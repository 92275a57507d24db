import type { Writing } from "./merchants.ts";

/** How an institution writes: invented ones, each after the facts that are known of real alert mails. */
export type Bank = {
  readonly id: string;
  readonly currency: string;
  readonly zone: string;
  /** What its mails say of when the purchase was; "nothing" leaves the mail's own date. */
  readonly states: "second" | "minute" | "day" | "nothing";
  /** Sends a second alert for what is bought online, by phone or by mail. */
  readonly hasRemoteAlert: boolean;
  /** Everything is mailed twice: at once, and when it is posted, then several in one mail. */
  readonly confirms: { readonly first: Writing; readonly mailedAfterDays: readonly [number, number] } | null;
  readonly writings: readonly Writing[];
};

const US = { currency: "USD", confirms: null } as const;

/** The banks of an account are all of one country. */
export const COUNTRIES: readonly {
  readonly weight: number;
  readonly zones: readonly string[];
  readonly banks: readonly Bank[];
}[] = [
  {
    weight: 8,
    zones: ["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "Pacific/Honolulu"],
    banks: [
      // A minute in Eastern Time wherever the person is; names cut at 20 to 25 characters; threshold and "online, phone or mail".
      { ...US, id: "eastern", zone: "America/New_York", states: "minute", hasRemoteAlert: true, writings: ["cut"] },
      // The same with the place glued to the name, and one alert only.
      { ...US, id: "glued", zone: "America/New_York", states: "minute", hasRemoteAlert: false, writings: ["glued"] },
      // A date, and two kinds of alerts.
      {
        ...US,
        id: "dated",
        zone: "America/New_York",
        states: "day",
        hasRemoteAlert: true,
        writings: ["upper", "glued"],
      },
      // A date; mails about pending authorizations and about purchases.
      { ...US, id: "pending", zone: "America/New_York", states: "day", hasRemoteAlert: false, writings: ["upper"] },
      // No date at all, two kinds of alerts.
      { ...US, id: "timeless", zone: "America/Chicago", states: "nothing", hasRemoteAlert: true, writings: ["title"] },
      // A date in the alert; the next night one mail with all rows of the day.
      {
        ...US,
        id: "rundown",
        zone: "America/Chicago",
        states: "day",
        hasRemoteAlert: false,
        confirms: { first: "upper", mailedAfterDays: [1, 2] },
        writings: ["glued"],
      },
    ],
  },
  {
    weight: 1,
    zones: ["Asia/Tokyo"],
    banks: [
      // A preliminary mail without the merchant, then the confirmed one with several purchases.
      {
        id: "preliminary",
        currency: "JPY",
        zone: "Asia/Tokyo",
        states: "day",
        hasRemoteAlert: false,
        confirms: { first: "nameless", mailedAfterDays: [1, 4] },
        writings: ["upper"],
      },
      {
        id: "to-the-second",
        currency: "JPY",
        zone: "Asia/Tokyo",
        states: "second",
        hasRemoteAlert: false,
        confirms: null,
        writings: ["upper"],
      },
    ],
  },
  {
    weight: 1,
    zones: ["Asia/Singapore"],
    banks: [
      {
        id: "singapore-minute",
        currency: "SGD",
        zone: "Asia/Singapore",
        states: "minute",
        hasRemoteAlert: false,
        confirms: null,
        writings: ["upper"],
      },
      {
        id: "singapore-day",
        currency: "SGD",
        zone: "Asia/Singapore",
        states: "day",
        hasRemoteAlert: false,
        confirms: null,
        writings: ["upper", "glued"],
      },
    ],
  },
];
