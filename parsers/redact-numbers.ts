import { monthNumberInAnyLanguage } from "./month-number.ts";
import type { Draw, Stage } from "./redact-stages.ts";

/** A currency's sign or code right before or behind a number. */
const MARK_BEFORE = /(?:\p{Sc}\.?|S\/\.?|(?<!\p{L})(?:[A-Z]{3}|[Rr]s|RS|RM|R[Pp]|F[Rr]|[Kk]r)\.?):? ?$/u;
const MARK_BEHIND = /^ ?(?:\p{Sc}|円|[A-Z]{3}(?!\p{L}))/u;
const NEAR = 24;

/** Hours among which one may take the other's place: as many digits, the same half of the day, and never the one that spring leaves out. */
const HOURS = [
  [1, 3, 4, 5, 6, 7, 8, 9],
  [10, 11, 12],
  [13, 14, 15, 16, 17, 18, 19],
  [20, 21, 22, 23],
] as const;
const MINUTES = 60;
/** Every character of longer ones would cost as much as the whole. */
const MAX_WORD = 60;
/** Digits that stand together in an amount. */
const MAX_GROUP = 3;

/** Forms that telephone numbers have and amounts and days have not: North America's, those with a plus, three groups and more. */
const PHONE =
  /(?<![\d.,])(?:\+\d[\d() -]{5,18}\d|(?:1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}|\d{1,4}-\d{2,4}-\d{3,4}(?:-\d{2,4})?)(?!\d)/g;
/** A whole card or account number; the last four digits are what mails name cards by. */
const LONG_NUMBER = /(?<!\d)(?:\d{13,}|\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{5})(?!\d)/g;
const LONG_WORD = /(?<![\p{L}\p{N}])(?:[A-Za-z0-9]{10,}|[A-Za-z0-9_-]{20,})(?![\p{L}\p{N}])/gu;
const TIME = /(?<![\d.,:])(\d{1,2})([:h])(\d{2})(?:(:)(\d{2}))?(?!\d)/g;
const NUMBER = /\d+(?:[.,'’]\d+)*/g;

/**
 * Puts other digits in the place of those of a text, with its length and its marks: the same number becomes the same one
 * wherever it stands, an amount stays an amount and a time a time. Telephone numbers go; of a card's number four digits
 * are left, and these are others; ids get other letters too. Numbers of one or two digits among words stay, and years
 * behind a month or a copyright sign.
 */
export function numberStages(draw: Draw): Stage[] {
  return [
    { pattern: PHONE, replace: () => "PHONE" },
    {
      pattern: LONG_NUMBER,
      replace: ([number]) => number.slice(0, -4).replaceAll(/\d/g, "X") + otherDigits(number.slice(-4), draw),
    },
    { pattern: LONG_WORD, replace: ([word]) => (isId(word) ? otherId(word, draw) : null) },
    { pattern: TIME, replace: (match) => otherTime(match, draw) },
    { pattern: NUMBER, replace: (match) => otherNumber(match, draw) },
  ];
}

/** Letters and digits that change places more often than words with a number do; the X of covered digits does not count. */
function isId(word: string): boolean {
  const plain = word.replace(/^[Xx]+/, "");
  const digits = plain.replaceAll(/\D/g, "").length;
  if (plain.length >= 20 && (digits >= 4 || /[a-z][A-Z].*[a-z][A-Z]/.test(plain))) return digits < plain.length;
  return plain.length >= 10 && digits >= 2 && /\d[A-Za-z]+\d|[A-Za-z]\d+[A-Za-z]/.test(plain);
}

function otherId(word: string, draw: Draw): string {
  if (word.length > MAX_WORD) return word.replaceAll(/[A-Za-z\d]/g, "X");
  return [...word]
    .map((character, at) => {
      const letters = ["ABCDEFGHIJKLMNOPQRSTUVW", "abcdefghijklmnopqrstuvw", "123456789"].find((all) =>
        all.includes(character),
      );
      return letters === undefined ? character : otherThan(character, letters, `${word}/${at}`, draw);
    })
    .join("");
}

function otherTime([, hourText = "", mark = "", minuteText = "", colon = "", second]: RegExpExecArray, draw: Draw) {
  const hour = Number(hourText);
  if (hour > 23 || Number(minuteText) >= MINUTES || Number(second ?? 0) >= MINUTES) return null;
  const time = `${hourText}${minuteText}${second ?? ""}`;
  const hours = (hour === 2 ? HOURS[0] : HOURS.find((some) => some.some((one) => one === hour)))?.filter(
    (one) => one !== hour,
  );
  const otherHour = hours?.[draw(`hour ${time}`, hours.length)] ?? hour;
  const sixty = (text: string): string =>
    String((Number(text) + 1 + draw(`${time}/${text}`, MINUTES - 1)) % MINUTES).padStart(2, "0");
  const seconds = second === undefined ? "" : sixty(second);
  return `${String(otherHour).padStart(hourText.length, "0")}${mark}${sixty(minuteText)}${colon}${seconds}`;
}

function otherNumber({ 0: number, index, input }: RegExpExecArray, draw: Draw): string {
  if (number.length > MAX_WORD) return number.replaceAll(/\d/g, "0");
  const before = input.slice(Math.max(0, index - NEAR), index);
  const behind = input.slice(index + number.length, index + number.length + NEAR);
  const isMarked = /\D/.test(number) || MARK_BEFORE.test(before) || MARK_BEHIND.test(behind);
  if (!isMarked && isForAll(number, before, behind)) return number;
  // Mails cut amounts into `$`, `1,012` and `34`, each on a line of its own.
  return isMarked || number.length <= MAX_GROUP ? otherAmount(number, draw) : otherDigits(number, draw);
}

/** Whether every mail of the kind has it: a count, `24/7`, a year that belongs to a month. */
function isForAll(number: string, before: string, behind: string): boolean {
  if (number.length < 3) return !(/(?:^|[\n:：#*•]) *$/.test(before) && /^ *(?:$|\n)/.test(behind));
  if (!/^(?:19|20)\d\d$/.test(number)) return false;
  const [, month = ""] = /(\p{L}{3,10})\.?(?:,| del?)? $/u.exec(before) ?? [];
  return behind.startsWith("年") || /(?:©|\(c\)|copyright) ?$/i.test(before) || monthNumberInAnyLanguage(month) > 0;
}

/**
 * Zeros stay, so that `84,000` and `84,000.00` go on meaning the same, and no amount begins with one. So that an amount is
 * the same one however it is cut, what stands before and behind its last mark changes apart.
 */
function otherAmount(number: string, draw: Draw): string {
  const fraction = /[.,](\d{1,2})$/.exec(number)?.[1] ?? "";
  return otherNonZero(number.slice(0, number.length - fraction.length), draw) + otherNonZero(fraction, draw);
}

function otherNonZero(text: string, draw: Draw): string {
  const digits = text.replaceAll(/\D/g, "");
  let at = 0;
  return text.replaceAll(/\d/g, (digit) => {
    at += 1;
    return digit === "0" ? digit : otherThan(digit, "123456789", `${digits}/${at}`, draw);
  });
}

function otherDigits(digits: string, draw: Draw): string {
  return [...digits].map((digit, at) => otherThan(digit, "0123456789", `${digits}/${at}`, draw)).join("");
}

function otherThan(character: string, all: string, key: string, draw: Draw): string {
  const others = all.replace(character, "");
  return others[draw(key, others.length)] ?? "";
}
