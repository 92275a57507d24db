import { ADDRCONFIG } from "node:dns";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { connect, type TLSSocket } from "node:tls";

import { isConfirmationLink } from "../parsers/confirmation-link.ts";
import { isPublicAddress } from "./public-address.ts";

/** What came of a confirmation. `unreachable` says nothing about the request: it may be tried again. */
export type Confirmation = "confirmed" | "refused" | "unreachable";

/** What tests put in the place of the net. */
type Net = {
  /** All addresses of a host. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** Where that address is reached. */
  readonly reach: (address: string) => { readonly host: string; readonly port: number };
  /** Who vouches for hosts, as PEM; without it the authorities that Node knows. */
  readonly ca?: string;
  /** For everything together, from the host's name to the end of the answer. */
  readonly timeoutMs: number;
};

// Google's answer is a few sentences.
const MAX_ANSWER_CHARACTERS = 64 * 1024;

const outside: Net = {
  resolve: async (host) => {
    const found = await lookup(host, { all: true, order: "ipv4first", hints: ADDRCONFIG });
    return found.map(({ address }) => address);
  },
  reach: (address) => ({ host: address, port: 443 }),
  timeoutMs: 5_000,
};

/**
 * Opens the way to confirm at Google that a mailbox may forward, by the link in Google's own mail. It is the only
 * address out of a mail that this program ever opens, so it goes nowhere else: what `isConfirmationLink` does not know
 * is refused, redirects are not followed, and the host must have public addresses alone and prove its name. It never
 * throws and says nothing of the link to anybody else.
 *
 * The button on Google's page posts nothing to the page's own address, and so do we. Afterwards the page, in the
 * language of whoever asked, has no such button any more.
 */
export function openForwardingConfirmer(options: Partial<Net> = {}): (link: string) => Promise<Confirmation> {
  const net = { ...outside, ...options };
  return async (link) => {
    if (!isConfirmationLink(link)) return "refused";
    const deadline = AbortSignal.timeout(net.timeoutMs);
    // A name server can't be told to hurry.
    const late = once(deadline, "abort").then((): Confirmation => "unreachable");
    return Promise.race([late, pressButton(new URL(link), net, deadline).catch((): Confirmation => "unreachable")]);
  };
}

async function pressButton(url: URL, net: Net, deadline: AbortSignal): Promise<Confirmation> {
  const address = await publicAddressOf(url.hostname, net);
  deadline.throwIfAborted();
  const socket = connect({
    ...net.reach(address),
    servername: url.hostname,
    // The environment can switch this off for everybody who does not insist.
    rejectUnauthorized: true,
    ALPNProtocols: ["http/1.1"],
    ...(net.ca === undefined ? {} : { ca: net.ca }),
  });
  try {
    // Not a letter of the link before the host has proven its name.
    await once(socket, "secureConnect", { signal: deadline });
    return await verdictOf(await post(url, socket, deadline));
  } finally {
    socket.destroy();
  }
}

/** The very address that is connected to afterwards: a second look-up could be answered otherwise. */
async function publicAddressOf(host: string, net: Net): Promise<string> {
  const addresses = await net.resolve(host);
  const [address] = addresses;
  if (address === undefined || !addresses.every(isPublicAddress)) throw new Error("The host is not on the open net.");
  return address;
}

function post(url: URL, socket: TLSSocket, signal: AbortSignal): Promise<IncomingMessage> {
  const headers = { "content-type": "application/x-www-form-urlencoded", "content-length": 0 };
  return new Promise((resolve, reject) => {
    // Without an agent it takes port 80 for the usual one, and would name the other in Host.
    request(url, { method: "POST", headers, signal, defaultPort: 443, createConnection: () => socket })
      .on("response", resolve)
      .on("error", reject)
      .on("close", () => reject(new Error("The connection ended without an answer.")))
      .end();
  });
}

async function verdictOf(answer: IncomingMessage): Promise<Confirmation> {
  const status = answer.statusCode ?? 500;
  // Asked too often, or too slowly: that is about us.
  if (status >= 500 || status === 429 || status === 408) return "unreachable";
  if (status >= 300) return "refused";
  return /<form\b[^>]{0,500}\bmethod\s*=\s*["']?post/i.test(await beginningOf(answer)) ? "refused" : "confirmed";
}

async function beginningOf(answer: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of answer.setEncoding("latin1")) {
    text += String(piece);
    if (text.length >= MAX_ANSWER_CHARACTERS) break;
  }
  return text.slice(0, MAX_ANSWER_CHARACTERS);
}
