import type { Layout } from "../layout.ts";
import { templateText } from "../template.ts";

/**
 * Money out of a bank account. The mail names nobody, and the payment of a card takes this form too, so none is booked.
 */
export const withdrawal: Layout = {
  name: "withdrawal",
  sample: "real",
  kinds: [],
  read: ({ lines }) =>
    /A withdrawal of .{0,40} was debited from your bank account/.test(templateText(lines).flat)
      ? { failed: "This mail names nobody, and does not say whether the money was spent or only moved." }
      : null,
};
