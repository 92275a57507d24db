import { institution } from "../institution.ts";
import { type Layout } from "../layout.ts";
import { US } from "../writing.ts";
import { labelLayouts } from "./label-layouts.ts";
import { sentenceLayouts } from "./sentence-layouts.ts";

/** Labelled layouts first: today's mails have them. No mail has the form of both. */
const LAYOUTS: readonly Layout[] = [...labelLayouts, ...sentenceLayouts];

/**
 * Chase's alerts: html alone since years, text alone before. Its marketing comes from other addresses
 * (`mcmap.chase.com`); the older senders' signatures were never seen, `chase.com` signs today's.
 */
export const chase = institution({
  id: "chase",
  name: "Chase",
  senders: ["no.reply.alerts@chase.com", "no-reply@alertsp.chase.com", "alertsp@chase.com"],
  dkimDomains: ["chase.com"],
  writing: US,
  layouts: LAYOUTS,
});
