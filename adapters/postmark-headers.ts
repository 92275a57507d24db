import type { PayloadHeader } from "../handlers/inbound-json.ts";

/** How a mail reached Postmark. */
export type InboundEnvelope = {
  /** The address that RCPT TO named. */
  readonly recipient: string;
  /** The address that MAIL FROM named; empty for a bounce. */
  readonly sender: string;
  readonly receivedAt: Temporal.Instant;
  /** Whether the author's own domain signed the mail, as far as Postmark's spam filter saw. */
  readonly aligned: boolean;
};

// The name is Postmark's: what stands above the first "Received: from … by" such a machine was written by Postmark
// itself, everything below it by strangers.
const MACHINE = "p-pm-inboundg01a-aws-useast1a.inbound.postmarkapp.com";

/**
 * The headers that Postmark puts on top of every inbound mail, in its order. A fold is a tab, as in its JSON.
 */
export function postmarkHeaders({ recipient, sender, receivedAt, aligned }: InboundEnvelope): PayloadHeader[] {
  const date = `${mailDate(receivedAt)} (UTC)`;
  const client = /@([a-z0-9.-]+)$/i.exec(sender)?.[1] ?? "localhost";
  const tests = aligned ? "DKIM_SIGNED,DKIM_VALID,DKIM_VALID_AU,HTML_MESSAGE,\tSPF_PASS" : "HTML_MESSAGE,\tSPF_PASS";
  return [
    { Name: "Return-Path", Value: `<${sender}>` },
    { Name: "Received", Value: `by ${MACHINE} (Postfix, from userid 996)\tid 0000000001; ${date}` },
    { Name: "X-Spam-Checker-Version", Value: `SpamAssassin 3.4.0 (2014-02-07) on\t${MACHINE.split(".")[0]}` },
    { Name: "X-Spam-Status", Value: "No" },
    { Name: "X-Spam-Score", Value: "-0.1" },
    { Name: "X-Spam-Tests", Value: tests },
    {
      Name: "Received-SPF",
      Value: `pass (${client}: Sender is authorized) receiver=${MACHINE}; identity=mailfrom; envelope-from="${sender}"`,
    },
    {
      Name: "Received",
      Value: `from ${client} (${client})\tby ${MACHINE} (Postfix) with ESMTPS\tfor <${recipient}>; ${date}`,
    },
  ];
}

/** An instant as a mail's Date header writes it (RFC 5322, section 3.3), in the given zone. */
export function mailDate(instant: Temporal.Instant, zone = "UTC"): string {
  const local = instant.toZonedDateTimeISO(zone);
  const day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][local.dayOfWeek - 1];
  const month = "JanFebMarAprMayJunJulAugSepOctNovDec".slice(local.month * 3 - 3, local.month * 3);
  const time = local.toPlainTime().toString({ smallestUnit: "second" });
  return `${day}, ${local.day} ${month} ${local.year} ${time} ${local.offset.replace(":", "")}`;
}
