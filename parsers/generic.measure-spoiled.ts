import type { ReadableMail } from "./parser.ts";

/**
 * Mails like that one that tell of no purchase: with a sentence or a state that takes it back, with words behind the
 * merchant's name that do, and with the words for a purchase made into others.
 */
export function spoiled(mail: ReadableMail, merchant: string): ReadableMail[] {
  const added = SPOILING.flatMap((line) => [
    { ...mail, lines: [...mail.lines, line] },
    { ...mail, lines: [line, ...mail.lines] },
    { ...mail, subject: `${line} ${mail.subject}` },
  ]);
  const turned = TURNS.map(([from, to]) => {
    const turn = (text: string): string => text.replaceAll(from, to);
    return { ...mail, subject: turn(mail.subject), lines: mail.lines.map(turn) };
  });
  const behind = [
    "was declined",
    "has been refunded",
    "no fue exitosa",
    "não foi autorizada",
    "a été refusé",
    "wurde abgelehnt",
  ];
  const inside = behind.map((words) => {
    const spoil = (text: string): string => text.replaceAll(merchant, `${merchant} ${words}`);
    return { ...mail, lines: mail.lines.map(spoil) };
  });
  const isOther = (other: ReadableMail): boolean =>
    other.subject !== mail.subject || other.lines.join() !== mail.lines.join();
  return [...added, ...turned, ...inside].filter(isOther);
}

const SPOILING = [
  ...[
    "This transaction was declined.",
    "The purchase has been reversed.",
    "Status: REVERSED",
    "A refund was issued.",
    "Declined",
  ],
  ...[
    "La compra fue rechazada.",
    "Estado: Negada",
    "Se anuló la operación.",
    "Devolución de su compra.",
    "Compra não autorizada.",
  ],
  ...[
    "A compra foi estornada.",
    "Votre paiement a été refusé.",
    "Achat remboursé",
    "Die Zahlung wurde abgelehnt.",
    "Gutschrift",
  ],
];

const TURNS: readonly (readonly [RegExp, string])[] = [
  [/purchase|transaction|charge|debit|spent|paid|authorization/gi, "refund"],
  [/purchase|transaction|charge|debit|spent|paid|authorization/gi, "transfer"],
  [/approved|made|charged|authorized|completed|processed|spent/gi, "declined"],
  [/compra|consumo|transacci[oó]n|cargo/gi, "devolución"],
  [/aprobad[oa]|realiz(?:ado|ada|aste)|exitosa/gi, "rechazada"],
  [/achat|débit/gi, "remboursement"],
  [/purchase|transaction|charge|debit|compra|consumo|spent|paid/gi, "invoice"],
];
