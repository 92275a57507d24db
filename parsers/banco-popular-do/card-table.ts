import { eventFromWords, type Layout } from "../layout.ts";
import type { EventKind } from "../parser.ts";
import { valuesUnder } from "../table.ts";

/**
 * A layout of a table of one row, whose last column says what became of the transaction; any other word there than those of
 * `kinds` is not understood. The card stands in the sentence above it: `su VISA ISI, terminada en  1111.`
 */
export function cardTable({
  name,
  columns,
  merchant,
  kinds,
}: {
  readonly name: string;
  readonly columns: readonly string[];
  readonly merchant: string;
  readonly kinds: Readonly<Record<string, EventKind>>;
}): Layout {
  return {
    name,
    sample: "real",
    kinds: Object.values(kinds),
    read: (mail, writing) => {
      const row = valuesUnder(mail.lines, columns);
      if (row === null) return null;
      const kind = new Map(Object.entries(kinds)).get(row.get("Estatus") ?? "");
      if (kind === undefined) return { failed: "This mail does not say clearly what became of the transaction." };
      const words = {
        amount: row.get("Monto") ?? null,
        merchant: row.get(merchant) ?? null,
        occurred: row.get("Fecha") ?? null,
        card: cardIn(mail.lines),
      };
      return eventFromWords(kind, words, { writing, mail });
    },
  };
}

function cardIn(lines: readonly string[]): string | null {
  const sentence = lines.find((line) => line.startsWith("Gracias por utilizar su ")) ?? "";
  return /, terminada en (\d{4})\./.exec(sentence)?.[1] ?? null;
}
