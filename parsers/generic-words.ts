import { english } from "./generic-english.ts";
import { french } from "./generic-french.ts";
import { german } from "./generic-german.ts";
import { SIGNS, type LabelRole, type Language, type Sign } from "./generic-language.ts";
import { phrases } from "./generic-phrases.ts";
import { portuguese } from "./generic-portuguese.ts";
import { spanish } from "./generic-spanish.ts";

/** English first: it decides where nothing tells the language. */
const LANGUAGES: readonly Language[] = [english, spanish, portuguese, french, german];

/** A single little word may be part of a name, as in `example.com`. */
const MIN_COMMON = 2;

/** A language with its phrases made ready to be found. */
export type Words = {
  readonly isEnglish: boolean;
  readonly common: RegExp;
  readonly beforeMerchant: readonly RegExp[];
  readonly behindMerchant: RegExp;
  readonly merchantDid: RegExp;
  readonly noName: RegExp;
};

const words: readonly Words[] = LANGUAGES.map((language) => ({
  isEnglish: language === english,
  common: phrases(language.common),
  beforeMerchant: language.beforeMerchant.map(phrases),
  behindMerchant: phrases(language.behindMerchant),
  merchantDid: phrases(language.merchantDid),
  noName: phrases(language.noName),
}));

/** The phrases of all languages: what warns is heard in any. */
export const signPhrases: ReadonlyMap<Sign, RegExp> = new Map(
  SIGNS.map((sign) => [sign, phrases(LANGUAGES.map(({ signs }) => signs[sign]).join("|"))]),
);
export const otherAmount = phrases(LANGUAGES.map((language) => language.otherAmount).join("|"));
export const conditionalStart = phrases(LANGUAGES.map((language) => language.conditionalStart).join("|"));
export const conditional = phrases(LANGUAGES.map((language) => language.conditional).join("|"));

/** Words that a label for an amount has. */
export const amountLabel = phrases(LANGUAGES.map(({ labels }) => labels.amount).join("|"));

/** What a label's value is; in the order of the table, since `to` is a payee before it is anything else. */
export const labelRoles: ReadonlyMap<string, LabelRole> = new Map(
  LANGUAGES.flatMap(({ labels }) =>
    Object.entries(labels).flatMap(([role, list]) =>
      isRole(role) ? list.split("|").map((label) => [label, role] as const) : [],
    ),
  ).toReversed(),
);

/** The language that most little words of the folded text belong to; English unless there are some of another. */
export function languageOf(folded: string): Words {
  const counts = words.map(({ common }) => folded.match(common)?.length ?? 0);
  const most = Math.max(...counts);
  return words[most < MIN_COMMON ? 0 : counts.indexOf(most)] ?? never();
}

function isRole(role: string): role is LabelRole {
  return Object.hasOwn(english.labels, role);
}

function never(): never {
  throw new Error("There is no language.");
}
