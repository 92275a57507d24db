import { sentence } from "../institution.ts";
import type { Layout, LayoutReading } from "../layout.ts";

const TABLE = {
  when: ["Fecha y hora"],
  card: ["Número de Tarjeta de Débito", "Número de Tarjeta de Crédito"],
} as const;

const BOUGHT = {
  sample: "real",
  kind: "purchase",
  // The name stands in the sentence too, where a dot in it looks like its end.
  labels: { ...TABLE, amount: "Total del consumo", merchant: "Empresa" },
} as const;

/** What was bought or taken in cash with a card. A bare `$` is a dollar in Peru, whose own money carries `S/`. */
export const cardLayouts: readonly Layout[] = [
  sentence({
    name: "cash",
    sample: "real",
    kind: "withdrawal",
    sentence: "Realizaste un retiro de {amount} con tu Tarjeta de {any} BCP en un {merchant}.",
    labels: { ...TABLE, amount: ["Total retirado", "Monto retirado"] },
  }),
  inDollars(
    unlessWallet(
      sentence({
        ...BOUGHT,
        name: "card-in-dollars",
        sentence: "un consumo de ${amount} con tu Tarjeta de {any} BCP en ",
      }),
    ),
  ),
  unlessWallet(
    sentence({ ...BOUGHT, name: "card", sentence: "un consumo de {amount} con tu Tarjeta de {any} BCP en " }),
  ),
];

function inDollars(layout: Layout): Layout {
  return { ...layout, read: (mail, writing) => layout.read(mail, { ...writing, currency: "USD" }) };
}

/**
 * Two wallets take their money by card. Plin names behind its own name whom the person sent it to; with Yape it may be
 * a purchase, or money put into the person's own wallet.
 */
function unlessWallet(layout: Layout): Layout {
  return {
    ...layout,
    read: (mail, writing): LayoutReading | null => {
      const reading = layout.read(mail, writing);
      if (reading === null || !("merchant" in reading)) return reading;
      const isDoubtful = reading.merchant === "YAPE" || reading.merchant.startsWith("PLIN-");
      return isDoubtful ? { failed: "This mail does not say whether the money was spent or only moved." } : reading;
    },
  };
}
