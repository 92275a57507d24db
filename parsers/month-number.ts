import { MONTHS } from "../ledger/days.ts";

const ENGLISH = MONTHS.map((name) => name.toLowerCase());

/** In lower case and without accents, January first. */
const BY_LANGUAGE: readonly (readonly string[])[] = [
  ENGLISH,
  ...[
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "januar februar marz april mai juni juli august september oktober november dezember",
  ].map((names) => names.split(" ")),
];

/** The number of an English month, by its full name or first three letters in any case; 0 for anything else. */
export function monthNumber(name: string): number {
  const wanted = name.toLowerCase();
  return ENGLISH.findIndex((month) => month === wanted || month.slice(0, 3) === wanted) + 1;
}

/**
 * The number of a month in English, Spanish, Portuguese, French or German, with or without accents, by its name or the
 * beginning of it from three letters on; 0 for anything else and for a beginning that two months share (`jui`).
 */
export function monthNumberInAnyLanguage(name: string): number {
  const wanted = name.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
  if (wanted.length < 3) return 0;
  const numbers = BY_LANGUAGE.flatMap((months) =>
    months.flatMap((month, index) => (month.startsWith(wanted) ? [index + 1] : [])),
  );
  const [number = 0] = numbers;
  return numbers.every((other) => other === number) ? number : 0;
}
