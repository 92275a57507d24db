import { describe, expect, it } from "vitest";

import { monthNumber, monthNumberInAnyLanguage } from "./month-number.ts";

describe("monthNumber", () => {
  it("knows English names and their first three letters, and nothing else", () => {
    expect(["January", "may", "SEP", "dec"].map(monthNumber)).toEqual([1, 5, 9, 12]);
    expect(["Sept", "Ja", "enero", "Mayo", ""].map(monthNumber)).toEqual([0, 0, 0, 0, 0]);
  });
});

describe("monthNumberInAnyLanguage", () => {
  it.each([
    ["as Gmail writes them in Spanish", "ene feb mar abr may jun jul ago sept oct nov dic"],
    ["as Gmail writes them in Portuguese", "jan fev mar abr mai jun jul ago set out nov dez"],
    ["as Gmail writes them in French", "janv févr mars avr mai juin juil août sept oct nov déc"],
    ["as Gmail writes them in German", "Jan Feb März Apr Mai Juni Juli Aug Sept Okt Nov Dez"],
    [
      "as Apple writes them in Portuguese",
      "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    ],
    ["in English", "January February March April May June July August September October November December"],
    ["with their accents taken apart", "janv fe\u0301vr mars avr mai juin juil aou\u0302t sept oct nov de\u0301c"],
  ])("knows the months %s", (_, names) => {
    expect(names.split(" ").map(monthNumberInAnyLanguage)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it.each(["jui", "de", "", "mardi", "maya", "januaryx"])("knows no month by %j", (name) => {
    expect(monthNumberInAnyLanguage(name)).toBe(0);
  });
});
