import type { Layout } from "./layout.ts";

/** Whole words, since shops are called `HOTPOT`. */
const SUBJECT = /\b(?:OTP|one[- ]time pass(?:word|code))\b/i;

/**
 * Mails with a one-time password, which quote an amount that nobody has paid yet. Known by the subject alone: below
 * purchases too stands that nobody may ask for an OTP. Comes last, so that no other mail is taken for one.
 */
export const oneTimePassword: Layout = {
  name: "one-time-password",
  sample: "described",
  kinds: ["notice"],
  read: ({ subject }) =>
    SUBJECT.test(subject) ? { skipped: "A one-time password is no payment; that has a mail of its own." } : null,
};
