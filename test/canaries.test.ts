import { expect, it } from "vitest";

import { canary, leaksIn, watch } from "./canaries.ts";

const WORD = canary("word");
const TOKEN = watch("aZ3-_kQ9pLm2");

it.each([
  ["as it is", WORD],
  ["in capitals", WORD.toUpperCase()],
  [
    "with every letter escaped for a URL",
    [...WORD].map((letter) => `%${Buffer.from(letter).toString("hex")}`).join(""),
  ],
  ["escaped for JSON", [...WORD].map((letter) => `\\u00${Buffer.from(letter).toString("hex")}`).join("")],
  ["in hex", Buffer.from(`x${WORD}`).toString("hex")],
  ["in base64", Buffer.from(WORD).toString("base64")],
  ["in base64, as a password", Buffer.from(`user:${WORD}`).toString("base64")],
  ["in base64, one letter later", Buffer.from(`users:${WORD}, and more`).toString("base64")],
  ["in base64 for URLs", Buffer.from(`a user:${WORD}~~~`).toString("base64url")],
  ["in base64, in capitals", Buffer.from(WORD.toUpperCase()).toString("base64")],
])("a canary is found %s", (_how, text) => {
  expect(leaksIn(`{"msg":"x ${text} y"}`)).toEqual([WORD]);
});

it("a token with signs is found, also in base64", () => {
  expect(leaksIn(`cookie: ${TOKEN}`)).toEqual([TOKEN]);
  expect(leaksIn(Buffer.from(`t=${TOKEN}`).toString("base64url"))).toEqual([TOKEN]);
});

it("nothing is found where there is none", () => {
  expect(leaksIn('{"level":30,"msg":"request","route":"/sign-in"}')).toEqual([]);
});
