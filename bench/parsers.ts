import { choicesIn } from "../parsers/choices.ts";
import { readGeneric } from "../parsers/generic.ts";
import { htmlToLines } from "../parsers/html-to-lines.ts";
import type { ReadableMail } from "../parsers/parser.ts";
import { parsers } from "../parsers/registry.ts";
import { understand } from "../parsers/understand.ts";
import { mailOf as loadMail } from "./load.ts";
import { median } from "./median.ts";
import type { Prepared } from "./processes.ts";
import type { Row } from "./row.ts";

const TRIES = 50;
const MEGABYTE = 1024 * 1024;
const date = Temporal.Instant.from("2026-11-20T12:00:00Z");

/** What bodies are made of that are to slow somebody down: one line of each, or a line for each. */
const PIECES = [
  ...["", " ", "a", "1", "$", ".", ",", "*", "-", "/", ":", "(", "<", "&nbsp;", "\u00a0", "１", "円"],
  ...["$1", "1,", "1.", "1 ", "$ ", "a ", "at ", "at at ", "on 1 ", "1:1", "1/1", "Date:", "Amount:", "Amount: $1 "],
  ...["Merchant: ", "Your card was charged ", " ending in ", "...", "XX", "Jan ", "Jan 1 ", "de ", " en ", "\u0130"],
  ...["<td>", "<div>$</div>", "<b>", "<!--", "<style>", "<a href=", "Rs.", "compra ", "transaction of $1 at "],
];

/** What all parsers together cost on one mail, and the worst that a megabyte can do to any of them. */
export async function parserRows(_prepared: Prepared): Promise<Row[]> {
  const html = String(loadMail(60 * 1024)["HtmlBody"]);
  const { lines } = htmlToLines(html);
  const mail = { from: "", subject: "Your $63.83 transaction with SHOP", date, lines };
  const times = Array.from({ length: TRIES }, () => timeOf(() => readAll(mail)));
  const hostile = PIECES.flatMap((piece) => [[piece.repeat(MEGABYTE / (piece.length || MEGABYTE))], linesOf(piece)]);
  const worst = hostile
    .flatMap((body) => readersOf({ ...mail, lines: body }).map(([name, read]) => ({ name, body, ms: timeOf(read) })))
    .reduce((slowest, one) => (one.ms > slowest.ms ? one : slowest));
  const bodies = PIECES.map((piece) => ({
    piece,
    ms: timeOf(() => understandBody(piece.repeat(MEGABYTE / (piece.length || MEGABYTE)))),
  }));
  const slowestBody = bodies.reduce((slowest, one) => (one.ms > slowest.ms ? one : slowest));
  return [
    {
      what: `all ${parsers.length} parsers on a mail of 60 KB (${lines.length} lines)`,
      figures: `${median(times).toFixed(2)} ms`,
      ratio: "",
      target: "≤ 1 ms",
    },
    {
      what: `the slowest reader of 1 MB of ${PIECES.length} hostile pieces: ${worst.name}`,
      figures: `${worst.ms.toFixed(0)} ms on ${JSON.stringify(worst.body[0]?.slice(0, 20))}`,
      ratio: "",
      target: "≤ 100 ms",
    },
    {
      what: "the slowest whole reading of 1 MB of them as html",
      figures: `${slowestBody.ms.toFixed(0)} ms on ${JSON.stringify(slowestBody.piece)}`,
      ratio: "",
      target: "≤ 100 ms",
    },
  ];
}

function readAll(mail: ReadableMail): void {
  for (const { read } of parsers) read(mail);
}

function readersOf(mail: ReadableMail): [name: string, read: () => unknown][] {
  return [
    ...parsers.map(({ name, read }): [string, () => unknown] => [name, () => read(mail)]),
    ["the generic parser", () => readGeneric(mail)],
    ["the choices to teach with", () => choicesIn(mail.lines, date)],
  ];
}

function understandBody(html: string): void {
  const rest = { fromName: "", subject: "", date: "", receivedAt: date, text: "", headers: [] };
  understand({ ...rest, from: "alerts@bank.example.net", html });
}

function linesOf(piece: string): string[] {
  return Array.from({ length: MEGABYTE / 4 / (piece.length + 1) }, () => piece.trim()).filter((line) => line !== "");
}

function timeOf(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}
