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

/** So many that most are as fast as in a service that has run for a while. */
const TRIES = 500;
/** Of those with a megabyte the fastest counts: the first one compiles, and others work on the same machine. */
const HOSTILE_TRIES = 3;
const MEGABYTE = 1024 * 1024;
const date = Temporal.Instant.from("2026-11-20T12:00:00Z");

/** What bodies are made of that are to slow somebody down: one line of each, or a line for each. */
const PIECES = [
  ...[" ", "a", "1", "$", ".", ",", "*", "-", "/", ":", "(", "<", "&nbsp;", "\u00a0", "１", "円"],
  ...["$1", "1,", "1.", "1 ", "$ ", "a ", "at ", "at at ", "on 1 ", "1:1", "1/1", "Date:", "Amount:", "Amount: $1 "],
  ...["Merchant: ", "Your card was charged ", " ending in ", "...", "XX", "Jan ", "Jan 1 ", "de ", " en ", "\u0130"],
  ...["<td>", "<div>$</div>", "<b>", "<!--", "<style>", "<a href=", "Rs.", "compra ", "transaction of $1 at "],
  ...["<td>a", "a<br>", "$1<br>", "Amount:<br>"],
];

/** Bodies of the size that the generic parser and the page to teach on still look at, full of what they look for. */
const FULL: readonly (readonly [what: string, lines: readonly string[]])[] = [
  ["amounts and names in one line", ["$1.11 ".repeat(59) + " at Ab".repeat(3_200)]],
  ["cards in one line", ["..123".repeat(3_000)]],
  ...["12 ", "$1.00 2026-11-1 at 5 ", "12:30 de ", "Jan 1 at "].map(
    (piece) => [piece, Array.from({ length: 299 }, () => piece.repeat(990 / piece.length).trim())] as const,
  ),
];

const READERS: readonly (readonly [name: string, read: (mail: ReadableMail) => unknown])[] = [
  ...parsers.map(({ name, read }) => [name, read] as const),
  ["the generic parser", readGeneric],
  ["the choices to teach with", ({ lines }) => choicesIn(lines, date)],
];

/** What all parsers together cost on one mail, and the worst that a megabyte can do to any of them. */
export async function parserRows(_prepared: Prepared): Promise<Row[]> {
  const html = String(loadMail(60 * 1024)["HtmlBody"]);
  const { lines } = htmlToLines(html);
  const mail = { from: "", subject: "Your $63.83 transaction with SHOP", date, lines };
  const times = Array.from({ length: TRIES }, () => {
    // A copy, since what one parser worked out about these lines is there for the next.
    const copy = { ...mail, lines: [...lines] };
    return timeOf(() => readAll(copy));
  });
  const bodies = [
    ...PIECES.flatMap((piece) => [[piece, [bodyOf(piece)]] as const, [piece, linesOf(piece)] as const]),
    ...FULL,
  ];
  const worst = slowest(
    bodies.flatMap(([piece, body]) =>
      READERS.map(([name, read]) => ({ name, piece, ms: fastestOf(() => read({ ...mail, lines: [...body] })) })),
    ),
  );
  const slowestBody = slowest(PIECES.map((piece) => ({ piece, ms: fastestOf(() => understandBody(piece)) })));
  return [
    {
      what: `all ${parsers.length} parsers on a mail of 60 KB (${lines.length} lines)`,
      figures: `${median(times).toFixed(2)} ms`,
      ratio: "",
      target: "≤ 1 ms",
    },
    {
      what: `the slowest reader of 1 MB of ${PIECES.length} hostile pieces: ${worst.name}`,
      figures: `${worst.ms.toFixed(0)} ms on ${JSON.stringify(worst.piece)}`,
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

function understandBody(piece: string): void {
  const rest = { fromName: "", subject: "", date: "", receivedAt: date, text: "", headers: [] };
  understand({ ...rest, from: "alerts@bank.example.net", html: bodyOf(piece) });
}

function bodyOf(piece: string): string {
  return piece.repeat(MEGABYTE / piece.length);
}

function linesOf(piece: string): string[] {
  const line = piece.trim();
  return line === "" ? [] : Array.from({ length: MEGABYTE / (line.length + 1) }, () => line);
}

function slowest<Timed extends { readonly ms: number }>(all: readonly Timed[]): Timed {
  return all.reduce((worst, one) => (one.ms > worst.ms ? one : worst));
}

function fastestOf(run: () => unknown): number {
  return Math.min(...Array.from({ length: HOSTILE_TRIES }, () => timeOf(run)));
}

function timeOf(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}
