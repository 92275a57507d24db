import type { Stage } from "./redact-stages.ts";

/** Words that are no names although they stand where names do, in lower case. */
const NO_NAMES: ReadonlySet<string> = new Set(
  `account accountholder alert alerts all bank card cardholder cardmember client cliente clienta contact credit customer friend
  da de del der di do hello info kunde kundin la mail madam member mr mrs ms señor señora sir sr sra team there titular user usuaria usuario valued van von お客 会員`.split(
    /\s+/,
  ),
);

const GREETINGS = `hi hello dear hola estimado estimada estimados bonjour cher chère hallo liebe lieber
  geehrte geehrter geehrtes olá prezado prezada caro cara`.split(/\s+/);
/** Names may be many in one greeting. */
const NAME = String.raw`\p{Lu}[\p{L}'’.-]*`;
const GREETED = new RegExp(
  String.raw`(?<!\p{L})(?:${GREETINGS.map(inAnyCase).join("|")})(?: ?\([aA]\))?,? +(${NAME}(?: ${NAME}){0,5})`,
  "gu",
);
const GREETED_IN_JAPAN = /^([^\n\d:：]{1,20}?)[ \u3000]?(?:様|さま|殿)/gmu;

/** Short ones are everywhere, and say little. */
const MIN_NAME = 2;
const MIN_MERCHANT = 3;
/** A mail greets once or twice; looking for thousands of names everywhere would hold the program up. */
const MAX_GREETED = 20;
const SHOPS = ["SHOP", "STORE", "MARKET", "HOUSE", "STUDIO"];

/** The names by which a mail greets its person, without the institution's own: `Dear Chase customer`. */
export function greetedNames(text: string, institution: string): string[] {
  const own = new Set(institution.toLowerCase().split(/[^\p{L}]+/u));
  const names = [GREETED, GREETED_IN_JAPAN].flatMap((form) => [...text.matchAll(form)].map(([, name = ""]) => name));
  return names.slice(0, MAX_GREETED).map((name) =>
    name
      .split(" ")
      .filter((part) => !own.has(part.toLowerCase()))
      .join(" "),
  );
}

/** Puts Jane Doe in the place of people, whatever case their names are in: the first part of each name is Jane. */
export function nameStage(names: readonly string[]): Stage[] {
  const others = new Map<string, string>();
  for (const name of names) {
    const parts = name.split(/[\s.,\u3000]+/u).filter((part) => part.length >= MIN_NAME);
    for (const [index, part] of parts.filter((one) => !NO_NAMES.has(one.toLowerCase())).entries()) {
      const other = index === 0 ? "Jane" : "Doe";
      for (const form of [part, capital(part), part.toUpperCase()])
        if (!others.has(form)) others.set(form, inCaseOf(form, other));
    }
  }
  return stageOf(others);
}

/** Puts invented shops in the place of merchants, wherever their whole names stand, wrapped ones too. */
export function merchantStage(merchants: readonly string[]): Stage[] {
  const others = new Map<string, string>();
  for (const [index, merchant] of [...new Set(merchants)].entries()) {
    const isName = merchant.length >= MIN_MERCHANT && /\p{L}/u.test(merchant);
    if (isName)
      others.set(merchant, inCaseOf(merchant, `Sample ${capital((SHOPS[index % SHOPS.length] ?? "").toLowerCase())}`));
  }
  return stageOf(others);
}

function stageOf(others: ReadonlyMap<string, string>): Stage[] {
  if (others.size === 0) return [];
  const longestFirst = [...others.keys()].toSorted((one, other) => other.length - one.length);
  const pattern = new RegExp(longestFirst.map(asPattern).join("|"), "gu");
  return [{ pattern, replace: ([found]) => wrappedLike(found, others.get(found.replaceAll("\n", " ")) ?? "") }];
}

/** No part of a longer word; languages without blanks between words have no such thing. */
function asPattern(words: string): string {
  const pattern = RegExp.escape(words).replaceAll(/\\x20| /g, "[ \\n]");
  const isSpaced = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u.test(words);
  return isSpaced ? String.raw`(?<![\p{L}\p{N}])${pattern}(?![\p{L}\p{N}])` : pattern;
}

/** With as many ends of line as there were. */
function wrappedLike(found: string, other: string): string {
  const ends = found.split("\n").length - 1;
  return ends === 0 ? other : other.replace(" ", "\n") + "\nInc".repeat(ends - 1);
}

function inCaseOf(model: string, words: string): string {
  if (model === model.toLowerCase() && model !== model.toUpperCase()) return words.toLowerCase();
  return model === model.toUpperCase() ? words.toUpperCase() : words;
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
}

function inAnyCase(word: string): string {
  return [...word].map((letter) => `[${letter}${letter.toUpperCase()}]`).join("");
}
