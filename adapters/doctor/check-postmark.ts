import * as v from "valibot";

import type { Config } from "../../config.ts";
import { comparedToDate } from "./check-clock.ts";
import { ofEvents, ofInbound, postmarkServer, postmarkWebhooks } from "./postmark-set-up.ts";
import { findingsOf, type OutsideCheck, type Finding } from "./finding.ts";
import { reasonOf } from "./reason-of.ts";

const { green, red } = findingsOf("Postmark");

const refusal = v.object({ ErrorCode: v.number(), Message: v.string() });
/** https://postmarkapp.com/developer/api/overview#error-codes */
const BAD_TOKEN = 10;

const NEW_TOKEN =
  "Copy the token from Postmark (your server → API Tokens) into POSTMARK_SERVER_TOKEN; on a provisioned machine into\n" +
  "postmark_server_token of settings.yml, then bin/provision.";

/** Whether Postmark knows us, and hands over mails and news of letters as we take them; and whether its clock is ours. */
export function checkPostmark(now = () => Date.now()): OutsideCheck {
  return {
    name: "Postmark",
    of: "outside",
    async look(config, signal) {
      const server = await ask("/server", config, signal);
      if (server.state === "unreachable") return [unreachable(server.reason, config)];
      const clock = comparedToDate(server.date, now(), "Postmark's");
      const known = v.safeParse(postmarkServer, server.body);
      if (!known.success) return [...clock, refused(server)];
      const asked = await ask("/webhooks?MessageStream=outbound", config, signal);
      const webhooks = v.safeParse(postmarkWebhooks, asked.state === "answered" ? asked.body : null);
      return [
        ...clock,
        green(`The token is that of the server "${known.output.Name}".`),
        ...ofInbound(known.output, config),
        ...(webhooks.success ? [ofEvents(webhooks.output.Webhooks, config)] : []),
      ];
    },
  };
}

type Answered = {
  readonly state: "answered";
  readonly status: number;
  readonly date: string | null;
  readonly body: unknown;
};

async function ask(
  path: string,
  config: Config,
  signal: AbortSignal,
): Promise<Answered | { readonly state: "unreachable"; readonly reason: string }> {
  try {
    const response = await fetch(config.postmarkApiUrl + path, {
      headers: { Accept: "application/json", "X-Postmark-Server-Token": config.postmarkServerToken },
      // Wherever a redirect leads, the token must not go there.
      redirect: "manual",
      signal,
    });
    const date = response.headers.get("date");
    return { state: "answered", status: response.status, date, body: jsonOf(await response.text()) };
  } catch (error) {
    signal.throwIfAborted();
    return { state: "unreachable", reason: reasonOf(error) };
  }
}

function unreachable(reason: string, { postmarkApiUrl }: Config): Finding {
  return red(
    `${postmarkApiUrl} does not answer: ${reason}. Letters wait, and mail waits at Postmark.`,
    `curl -v ${postmarkApiUrl}   shows how far this machine gets; https://status.postmarkapp.com whether they are in trouble`,
  );
}

function refused({ status, body }: Answered): Finding {
  const { output, success } = v.safeParse(refusal, body);
  if (status === 401 || (success && output.ErrorCode === BAD_TOKEN)) {
    return red("Postmark does not know the token: no letter leaves.", NEW_TOKEN);
  }
  const words = success ? `: ${output.Message}` : ", and not in its own form";
  return red(`Postmark answered ${status}${words}.`, "https://status.postmarkapp.com says whether it is in trouble.");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
