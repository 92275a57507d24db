import * as v from "valibot";

import type { Config } from "../../config.ts";
import { findingsOf, type Finding } from "./finding.ts";

const { green, yellow, red } = findingsOf("Postmark");

/** A server, as far as it matters here. It also lists its tokens, which are left where they are. */
export const postmarkServer = v.object({
  Name: v.string(),
  DeliveryType: v.fallback(v.string(), "Live"),
  RawEmailEnabled: v.boolean(),
  InboundHookUrl: v.nullish(v.string(), ""),
  InboundDomain: v.nullish(v.string(), ""),
});

const on = v.fallback(v.object({ Enabled: v.boolean() }), { Enabled: false });

/** The webhooks of a message stream, as far as they matter here. */
export const postmarkWebhooks = v.object({
  Webhooks: v.array(
    v.object({
      Url: v.string(),
      HttpAuth: v.nullish(v.object({ Username: v.string(), Password: v.string() }), null),
      Triggers: v.object({ Bounce: on, SpamComplaint: on, SubscriptionChange: on }),
    }),
  ),
});

type PostmarkServer = v.InferOutput<typeof postmarkServer>;
type PostmarkWebhook = v.InferOutput<typeof postmarkWebhooks>["Webhooks"][number];

const INBOUND_PATH = "/webhook/inbound";
const EVENTS_PATH = "/webhook/events";
const WHERE_CREDENTIALS =
  "USER:PASSWORD is one of WEBHOOK_CREDENTIALS; on a provisioned machine this shows it:\n" +
  "sudo cat /etc/wtmm/credentials/WEBHOOK_CREDENTIALS";
const INBOUND_SETTINGS = "At Postmark: your server → Default Inbound Stream → Settings";

/** Whether mails come to us, whole, and letters leave. */
export function ofInbound(server: PostmarkServer, config: Config): Finding[] {
  const isDomain = server.InboundDomain?.toLowerCase() === config.domain;
  return [
    ofHook(server.InboundHookUrl ?? "", config),
    isDomain
      ? green(`It takes mail for ${config.domain}.`)
      : red(
          `It takes mail for ${server.InboundDomain || "no domain"}, not for ${config.domain}.`,
          `${INBOUND_SETTINGS} → Inbound domain forwarding: ${config.domain}`,
        ),
    server.RawEmailEnabled
      ? green("It hands over mails in their raw form.")
      : red(
          "It hands over mails without their raw form, and no bank's signature can be checked.",
          `${INBOUND_SETTINGS} → Include raw email content in JSON payload: on`,
        ),
    ...(server.DeliveryType.toLowerCase() === "sandbox"
      ? [red("It is a sandbox: no letter reaches anybody.", "Make a live server at Postmark, and use its token.")]
      : []),
  ];
}

function ofHook(url: string, config: Config): Finding {
  const fix = `${INBOUND_SETTINGS} → Webhook: ${urlWithPlaceholders(config, INBOUND_PATH)}\n${WHERE_CREDENTIALS}`;
  if (url === "") return red("It posts mails nowhere.", fix);
  const hook = URL.parse(url);
  const wanted = config.publicUrl + INBOUND_PATH;
  if (hook === null || hook.origin + hook.pathname !== wanted) {
    return red(`It posts mails to ${shownWithoutSecrets(hook)}, not to ${wanted}.`, fix);
  }
  const given = `${decoded(hook.username)}:${decoded(hook.password)}`;
  if (!config.webhookCredentials.includes(given)) {
    return red("It posts mails with a user and a password that we don't let in.", fix);
  }
  return green(`It posts mails to ${wanted}, as we let in.`);
}

/** Whether we hear of letters that did not arrive. Mail comes in without it. */
export function ofEvents(webhooks: readonly PostmarkWebhook[], config: Config): Finding {
  const wanted = config.publicUrl + EVENTS_PATH;
  const fix =
    `At Postmark: your server → Default Transactional Stream → Webhooks: ${wanted}\n` +
    `Events: Bounce, Spam Complaint, Subscription Change; basic auth with USER and PASSWORD\n${WHERE_CREDENTIALS}`;
  const ours = webhooks.find(({ Url }) => {
    const url = URL.parse(Url);
    return url !== null && url.origin + url.pathname === wanted;
  });
  if (ours === undefined) return yellow("It does not tell us of letters that did not arrive.", fix);
  const { Bounce, SpamComplaint, SubscriptionChange } = ours.Triggers;
  const missing = Object.entries({ Bounce, SpamComplaint, SubscriptionChange }).filter(([, { Enabled }]) => !Enabled);
  if (missing.length > 0) {
    return yellow(`It does not tell us of every event: ${missing.map(([name]) => name).join(", ")}.`, fix);
  }
  if (!config.webhookCredentials.includes(credentialOf(ours))) {
    return yellow("It tells us of letters with a user and a password that we don't let in.", fix);
  }
  return green(`It tells us at ${wanted} of letters that did not arrive.`);
}

function credentialOf({ Url, HttpAuth }: PostmarkWebhook): string {
  if (HttpAuth !== null) return `${HttpAuth.Username}:${HttpAuth.Password}`;
  const url = URL.parse(Url);
  return url === null ? "" : `${decoded(url.username)}:${decoded(url.password)}`;
}

function urlWithPlaceholders({ publicUrl }: Config, path: string): string {
  return publicUrl.replace("://", "://USER:PASSWORD@") + path;
}

/** An address may carry a password, in its query too. */
function shownWithoutSecrets(url: URL | null): string {
  return url === null ? "what is no address" : url.origin + url.pathname;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
