import { institution, labelled, notice, sentence } from "../institution.ts";
import { lastDigits } from "../last-digits.ts";
import type { Layout } from "../layout.ts";
import { US } from "../writing.ts";

const paid = sentence({
  name: "paid-2026",
  sample: "real",
  kind: "purchase",
  sentence: "You paid {amount} to {merchant}\n",
  labels: { when: ["Transaction date"] },
});

/**
 * The subject says the same, which keeps out requests and invoices: their notes, written by whoever wants the money, may
 * say that it was paid. The card or account stands below a line that names the merchant once more.
 */
const paidWithCard: Layout = {
  ...paid,
  read: (mail, writing) => {
    const reading = paid.read(mail, writing);
    if (reading === null || !("merchant" in reading)) return reading;
    const { merchant, words } = reading;
    const isConfirmed = [`${merchant}: ${words.amount}`, `You paid ${words.amount} to ${merchant}`].includes(
      mail.subject,
    );
    if (!isConfirmed) return { failed: "The subject and the text of this mail do not say the same." };
    const at = mail.lines.indexOf(`Paid ${reading.merchant} with`);
    const [bank = "", account = ""] = at === -1 ? [] : mail.lines.slice(at + 1);
    return { ...reading, card: lastDigits(account) ?? lastDigits(bank) };
  },
};

/**
 * PayPal's mails. A receipt writes its amount six times, and nothing for the shipping. Paid is a purchase, whoever got it;
 * sent, as people do among themselves, is a transfer. The card behind it may tell of the same purchase. Which domain signs
 * them was never seen.
 */
export const paypal = institution({
  id: "paypal",
  name: "PayPal",
  senders: ["service@paypal.com"],
  dkimDomains: [],
  writing: US,
  layouts: [
    notice({
      name: "received",
      sample: "described",
      subject: "You've got money",
      reason: "Money that came in is no spending.",
    }),
    labelled({
      name: "receipt",
      sample: "real",
      subject: "Receipt for your PayPal payment",
      kind: { label: "Payment Status", is: { COMPLETED: "purchase" } },
      labels: {
        amount: ["Total amount of this Transaction:", "Payment to recipient", "Total"],
        merchant: "Payment to",
        when: ["Date"],
        card: "Payment method:",
      },
    }),
    paidWithCard,
    sentence({
      name: "sent-2018",
      sample: "real",
      kind: "transfer",
      sentence: "You sent {amount} to {merchant}\nTransaction Details\nTransaction ID: {any} {when}\n",
    }),
  ],
});
