import { Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";

import { isAbsence } from "../../access/key-records.ts";
import type { Config } from "../../config.ts";
import { isPublicAddress } from "../public-address.ts";
import { findingsOf, type OutsideCheck, type Finding } from "./finding.ts";

const { green, yellow, red } = findingsOf("DNS");

/** Where Postmark takes mail. https://postmarkapp.com/developer/user-guide/inbound/inbound-domain-forwarding */
const POSTMARK_MX = "inbound.postmarkapp.com";
const QUERY_MS = 1_500;

/** The questions that are asked. */
export type Lookup = {
  resolve4(name: string): Promise<string[]>;
  resolve6(name: string): Promise<string[]>;
  resolveMx(name: string): Promise<{ readonly exchange: string }[]>;
};

/**
 * Whether the pages' host leads to this machine, and mail for the domain to Postmark.
 *
 * @param addressesHere public ones of this machine; none behind a translating router
 */
export function checkDns(
  lookup: Lookup = new Resolver({ timeout: QUERY_MS, tries: 2 }),
  addressesHere: () => readonly string[] = publicAddresses,
): OutsideCheck {
  return {
    name: "DNS",
    of: "outside",
    async look(config) {
      return [await ofHost(config, lookup, addressesHere()), await ofMail(config, lookup)];
    },
  };
}

async function ofHost({ publicUrl }: Config, lookup: Lookup, addresses: readonly string[]): Promise<Finding> {
  const { hostname } = new URL(publicUrl);
  if (isIP(hostname.replace(/^\[|\]$/g, "")) !== 0) return green(`PUBLIC_URL names an address, ${hostname}.`);
  const [four, six] = await Promise.all([present(lookup.resolve4(hostname)), present(lookup.resolve6(hostname))]);
  const found = [...four, ...six];
  const records = recordsFor(hostname, addresses);
  if (found.length === 0) return red(`${hostname} has no address.`, `Enter in the domain's DNS:\n${records}`);
  const shown = `${hostname} leads to ${found.join(" and ")}`;
  if (addresses.length === 0) {
    return green(`${shown}; this machine has no public address of its own to compare with.`);
  }
  const strange = found.filter((address) => !addresses.includes(address));
  if (strange.length === 0) return green(`${shown}, this machine.`);
  return yellow(
    `${shown}; ${strange.join(" and ")} is not this machine, which has ${addresses.join(" and ")}.`,
    `Unless something in between passes requests on, let the domain's DNS say no more than:\n${records}`,
  );
}

async function ofMail({ domain }: Config, lookup: Lookup): Promise<Finding> {
  const found = (await present(lookup.resolveMx(domain))).map(({ exchange }) => exchange.toLowerCase());
  const record = `${domain}.  MX  10 ${POSTMARK_MX}.`;
  if (found.length === 0) {
    return red(`No mail reaches ${domain}: it has no MX record.`, `Enter in the domain's DNS:\n${record}`);
  }
  if (!found.includes(POSTMARK_MX)) {
    return red(
      `Mail to ${domain} goes to ${found.join(" and ")}, not to Postmark.`,
      `Let the only MX record be:\n${record}`,
    );
  }
  if (found.length === 1) return green(`Mail to ${domain} goes to Postmark (${POSTMARK_MX}).`);
  const others = found.filter((exchange) => exchange !== POSTMARK_MX).join(" and ");
  return yellow(
    `Some mail to ${domain} goes to ${others} instead of Postmark.`,
    `Let the only MX record be:\n${record}`,
  );
}

/** What there is; that there is nothing is an answer, and trouble is not. */
async function present<T>(answer: Promise<T[]>): Promise<T[]> {
  try {
    return await answer;
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}

/** In the form of a zone file, which the forms of providers ask for piece by piece. */
function recordsFor(hostname: string, addresses: readonly string[]): string {
  if (addresses.length === 0) return `${hostname}.  A  (this machine's public address)`;
  return addresses.map((address) => `${hostname}.  ${address.includes(":") ? "AAAA" : "A"}  ${address}`).join("\n");
}

function publicAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((cards) => cards ?? [])
    .map(({ address }) => address)
    .filter(isPublicAddress);
}
