import type { Config, SettingSource } from "../../config.ts";
import { checkCertificate } from "./check-certificate.ts";
import { checkClock } from "./check-clock.ts";
import { checkDatabase } from "./check-database.ts";
import { checkDisk } from "./check-disk.ts";
import { checkDns } from "./check-dns.ts";
import { checkLoss } from "./check-loss.ts";
import { checkPermissions } from "./check-permissions.ts";
import { checkPostmark } from "./check-postmark.ts";
import { checkS3 } from "./check-s3.ts";
import { checkSettings } from "./check-settings.ts";
import { findingsOf, type Check, type Finding, type Place } from "./finding.ts";
import { reasonOf } from "./reason-of.ts";

/** Who is examined, and how far. */
export type Examination = {
  readonly source: SettingSource;
  /** Whether it is one of local mode; otherwise that is told by the settings and the data folder. */
  readonly isLocal: boolean;
  /** Whether to leave out what is not on this machine. */
  readonly isOffline: boolean;
};

/** Longest that one check may take. */
const LIMIT_MS = 5_000;

/**
 * Looks at everything that the service needs. Reads only (and leaves one small object in the bucket for dumps), so that it
 * may run beside the service, before its first start, and as often as somebody likes. Never throws.
 */
export async function doctor(
  { source, isLocal, isOffline }: Examination,
  checks: readonly Check[] = allChecks(source),
  limitMs = LIMIT_MS,
): Promise<Finding[]> {
  const { findings: aboutSettings, config, place } = checkSettings(source, isLocal);
  const findings = [...aboutSettings];
  // One after the other: some read a lot, and those that wait for the net must not be taken for slow.
  for (const check of checks) {
    if (check.of !== "machine" || place === null) continue;
    findings.push(...(await fenced(check.name, (signal) => check.look(place, signal), limitMs)));
  }
  if (!isOffline && config !== null && !config.local) {
    const asked = checks
      .filter((check) => check.of === "outside")
      .map((check) => fenced(check.name, (signal) => check.look(config, signal), limitMs));
    findings.push(...(await Promise.all(asked)).flat());
  }
  findings.push(...notLookedAt(config, place, isOffline));
  return findings.map((finding) => withoutSecrets(finding, config));
}

function allChecks({ env }: SettingSource): Check[] {
  return [
    checkClock(),
    checkDisk(),
    checkPermissions(env),
    checkDatabase(),
    checkDns(),
    checkCertificate(),
    checkPostmark(),
    checkS3(),
    checkLoss(),
  ];
}

/** What one check finds within its time; a check that fails is a finding like another. */
async function fenced(
  name: string,
  look: (signal: AbortSignal) => Promise<Finding[]>,
  limitMs: number,
): Promise<Finding[]> {
  const { red } = findingsOf(name);
  const stop = new AbortController();
  const limit = Promise.withResolvers<Finding[]>();
  const timer = setTimeout(() => {
    limit.resolve([red(`No answer within ${limitMs / 1000} s.`, "Try again; what is slow or silent is named above.")]);
  }, limitMs);
  try {
    return await Promise.race([look(stop.signal), limit.promise]);
  } catch (error) {
    return [red(`This could not be looked at: ${reasonOf(error)}`, null)];
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

function notLookedAt(config: Config | null, place: Place | null, isOffline: boolean): Finding[] {
  const { yellow, green } = findingsOf("the rest");
  if (place === null) return [yellow("Nothing else was looked at.", "Correct the settings first.")];
  if (config?.local === true) return [green("A local installation needs nothing outside this machine.")];
  if (isOffline) return [green("DNS, certificate, Postmark and dumps were left out (--offline).")];
  if (config !== null) return [];
  return [yellow("DNS, certificate, Postmark and dumps were not looked at.", "Correct the settings first.")];
}

/** Whoever we ask may repeat what we sent, and an error what it choked on. */
function withoutSecrets(finding: Finding, config: Config | null): Finding {
  const clean = (text: string) => secretsOf(config).reduce((left, secret) => left.replaceAll(secret, "[secret]"), text);
  return { ...finding, says: clean(finding.says), fix: finding.fix === null ? null : clean(finding.fix) };
}

function secretsOf(config: Config | null): string[] {
  if (config === null) return [];
  return [
    ...config.webhookCredentials,
    ...config.webhookCredentials.map((credential) => credential.slice(credential.indexOf(":") + 1)),
    ...config.linkKeys,
    config.postmarkServerToken,
    config.databaseAuthToken ?? "",
    config.s3?.secretAccessKey ?? "",
  ].filter((secret) => secret.length >= 8);
}
