import { Models } from "postmark";

import { answerOf, type Answer } from "./postmark-faults.ts";

/** How a server at Postmark is set up, where that differs from one that was just made. */
export type PostmarkSetUp = {
  /** The only token that is known; every one when it is not set. */
  readonly token?: string;
  readonly server?: Partial<Models.Server>;
  readonly webhooks?: readonly Models.Webhook[];
};

/** Postmark's answer about a token that it does not know; null when it does. */
export function refusalOfToken(given: string, { token }: PostmarkSetUp): Answer | null {
  if (given !== "" && (token === undefined || given === token)) return null;
  return answerOf(401, 10, "The Server Token you provided in the X-Postmark-Server-Token request header was invalid.");
}

/** Answers `GET /server` and `GET /webhooks` in Postmark's form; null for any other path. */
export function answerAboutServer(path: string, setUp: PostmarkSetUp): Answer | null {
  const { pathname, searchParams } = new URL(path, "http://127.0.0.1");
  if (pathname === "/server") return { status: 200, body: JSON.stringify(serverOf(setUp)) };
  if (pathname !== "/webhooks") return null;
  // As with Postmark, whose own client writes it otherwise than its documentation, the case of a name does not matter.
  const [, stream = null] = [...searchParams].find(([name]) => name.toLowerCase() === "messagestream") ?? [];
  const webhooks = (setUp.webhooks ?? []).filter(({ MessageStream }) => stream === null || MessageStream === stream);
  return { status: 200, body: JSON.stringify({ Webhooks: webhooks } satisfies Models.Webhooks) };
}

/** https://postmarkapp.com/developer/api/server-api */
function serverOf({ token = "any", server }: PostmarkSetUp): Models.Server {
  return {
    ID: 1,
    Name: "Local",
    ApiTokens: [token],
    ServerLink: "https://postmarkapp.com/servers/1/streams",
    Color: "blue",
    SmtpApiActivated: true,
    RawEmailEnabled: false,
    DeliveryType: Models.ServerDeliveryTypes.Live,
    InboundAddress: "0123456789abcdef@inbound.postmarkapp.com",
    InboundHookUrl: "",
    BounceHookUrl: "",
    OpenHookUrl: "",
    DeliveryHookUrl: "",
    ClickHookUrl: "",
    PostFirstOpenOnly: false,
    InboundDomain: "",
    InboundHash: "0123456789abcdef",
    InboundSpamThreshold: 0,
    TrackOpens: false,
    TrackLinks: Models.LinkTrackingOptions.None,
    IncludeBounceContentInHook: false,
    EnableSmtpApiErrorHooks: false,
    ...server,
  };
}
