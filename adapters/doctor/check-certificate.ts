import { once } from "node:events";
import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";

import { findingsOf, type OutsideCheck, type Finding } from "./finding.ts";
import { reasonOf } from "./reason-of.ts";

const { green, yellow, red } = findingsOf("certificate");

const DAY_MS = 24 * 60 * 60_000;
/** Certbot renews a month before the end, so this is a renewal that has failed for days. */
const SOON_DAYS = 21;
const ALMOST_DAYS = 7;
const HTTPS_PORT = 443;
const RENEW =
  "sudo certbot renew   says why it is not renewed; systemctl list-timers certbot.timer   whether it is tried";

/**
 * Whether browsers will believe the certificate at PUBLIC_URL, and for how long.
 *
 * @param authority one more that is believed, for tests
 */
export function checkCertificate({ now = () => Date.now(), authority = "" } = {}): OutsideCheck {
  return {
    name: "certificate",
    of: "outside",
    async look({ publicUrl }, signal) {
      const { protocol, hostname, port } = new URL(publicUrl);
      if (protocol !== "https:") {
        return [
          red(
            `${publicUrl} is not encrypted; browsers keep nobody signed in there.`,
            "Let PUBLIC_URL begin with https://.",
          ),
        ];
      }
      const at = port === "" ? HTTPS_PORT : Number(port);
      return [await ofHost(hostname, at, authority, now, signal)];
    },
  };
}

async function ofHost(
  host: string,
  port: number,
  authority: string,
  now: () => number,
  signal: AbortSignal,
): Promise<Finding> {
  const socket = connect({
    host,
    port,
    // It is looked at, and said what is wrong with it, instead of refused.
    rejectUnauthorized: false,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(authority === "" ? {} : { ca: [authority] }),
  });
  try {
    await once(socket, "secureConnect", { signal });
    return judged(host, socket, now());
  } catch (error) {
    signal.throwIfAborted();
    return red(
      `Nothing encrypted answers at ${host}, port ${port}: ${reasonOf(error)}.`,
      "systemctl status nginx; sudo nginx -t; sudo ufw status. bin/provision sets all of it up.",
    );
  } finally {
    socket.destroy();
  }
}

function judged(host: string, socket: TLSSocket, at: number): Finding {
  const { valid_to: validTo } = socket.getPeerCertificate();
  const end = Date.parse(validTo);
  const days = Math.floor((end - at) / DAY_MS);
  const until = `until ${new Date(end).toISOString().slice(0, 10)}`;
  if (days < 0) return red(`The certificate of ${host} was good ${until}.`, RENEW);
  if (!socket.authorized) {
    const why = String(socket.authorizationError);
    return red(
      `Browsers will not believe the certificate of ${host} (${why}).`,
      "bin/provision gets one from Let's Encrypt.",
    );
  }
  const says = `The certificate of ${host} is good ${until}, ${days} days`;
  if (days < ALMOST_DAYS) return red(`${says} only.`, RENEW);
  return days < SOON_DAYS ? yellow(`${says} only.`, RENEW) : green(`${says}.`);
}
