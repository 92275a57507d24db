import { describe, expect, it } from "vitest";

import { bcrCostaRica } from "./bcr-costa-rica.ts";

const date = Temporal.Instant.from("2026-11-08T12:00:00Z");
const HEADS = ["Fecha", "Autorización", "No.Referencia", "Monto", "Moneda", "Comercio", "Estado"];
const ROW = ["08/11/2026 02:31:15", "00918804", "11721252", "4,000.00", "COLON COSTA RICA", "EJEMPLO CR", "Aprobada"];
const END = ["En caso de dudas respecto a las transacciones notificadas, escríbanos.", "Aprobada o negada, avisamos."];

function eventsIn(...lines: string[]): number {
  const reading = bcrCostaRica.read({ from: "", subject: "", date, lines: [...HEADS, ...ROW, ...lines] });
  return reading.outcome === "understood" ? reading.events.length : 0;
}

describe("the rows of a BCR table", () => {
  it("are all read", () => {
    expect(eventsIn(...END)).toBe(1);
    expect(eventsIn(...ROW, ...END)).toBe(2);
  });

  it.each([
    ["a day that is written in another way", ["8/11/2026 02:31:15", ...ROW.slice(1)]],
    ["a line in front", ["Otra", ...ROW]],
    ["no day", ROW.slice(1)],
    ["an amount alone", ["5,000.00"]],
    ["a state alone", ["Negada"]],
    ["a table of its own", ["Otra tarjeta", ...HEADS, "-"]],
  ])("are not understood when there is one more with %s", (_, more) => {
    expect(eventsIn(...more, ...END)).toBe(0);
    expect(eventsIn(...END, ...more)).toBe(0);
  });
});
