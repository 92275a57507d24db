import { blocksFrom, firstLabel, readLabelled } from "./labelled.ts";
import { allEvents, eventFromWords, type EventReading, type Layout } from "./layout.ts";
import type { EventKind, ReadableMail } from "./parser.ts";
import type { Writing } from "./writing.ts";

/** Where a block of labels has its values. `when` is the label that every block begins with. */
type BlockLabels = { readonly when: string; readonly amount: string; readonly merchant: string };

/**
 * A layout whose block of labels stands there once for each transaction. Half a mail is not understood: where one block
 * fails, all do. `merchant` is what stands for a merchant in blocks without that label.
 */
export function repeated({
  kind,
  subject,
  labels,
  merchant,
  ...about
}: Pick<Layout, "name" | "sample"> & {
  readonly kind: EventKind;
  /** Words of the subject. */
  readonly subject: string;
  readonly labels: BlockLabels;
  readonly merchant?: string;
}): Layout {
  const all = Object.values(labels);
  const readBlock = (block: readonly string[], mail: ReadableMail, writing: Writing): EventReading => {
    const values = readLabelled(block, all);
    const name = values.get(labels.merchant);
    return eventFromWords(
      kind,
      {
        amount: values.get(labels.amount) ?? null,
        merchant: name === undefined ? (merchant ?? null) : name,
        occurred: values.get(labels.when) ?? null,
        card: null,
      },
      { mail, writing },
    );
  };
  return {
    ...about,
    kinds: [kind],
    read: (mail, writing) => {
      const start = firstLabel(mail.lines, [labels.when]);
      if (!mail.subject.includes(subject) || start === mail.lines.length) return null;
      const blocks = blocksFrom(mail.lines.slice(start), labels.when);
      return allEvents(blocks.map((block) => readBlock(block, mail, writing)));
    },
  };
}
