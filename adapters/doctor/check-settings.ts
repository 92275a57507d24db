import { databaseUrlOf, dataDirOf, isForService, readConfig, type Config, type SettingSource } from "../../config.ts";
import { hasLocalSecrets, localSecrets } from "../local-secrets.ts";
import { findingsOf, type Finding, type Place } from "./finding.ts";
import { reasonOf } from "./reason-of.ts";

const { green, yellow, red } = findingsOf("settings");

/** What stands in for the secrets that the first local start will make; nothing is signed with it. */
const NO_SECRETS_YET = { webhookCredential: "local:none-was-made-yet", linkKey: "none-was-made-yet".repeat(2) };

/** The settings as far as they can be read, and what is to be said about them. `place` is null when not even that is known. */
export type SettingsRead = {
  readonly findings: Finding[];
  readonly config: Config | null;
  readonly place: Place | null;
};

/** Reads the settings without beginning an installation. */
export function checkSettings(source: SettingSource, isLocal: boolean): SettingsRead {
  try {
    const config = configOf(source, isLocal);
    return { findings: [...aboutInstallation(config), ...aboutService(config)], config, place: config };
  } catch (error) {
    return { findings: [red(reasonOf(error), HOW_TO_SET)], config: null, place: placeOf(source) };
  }
}

const HOW_TO_SET =
  "Set it in the environment; .env.example says what each setting is for. On a provisioned machine: correct settings.yml,\n" +
  "then bin/provision. For one person on this machine alone: wtmm doctor --local.";

function configOf(source: SettingSource, isLocal: boolean): Config {
  const dataDir = dataDirOf(source);
  if (!isLocal && (isForService(source) || !hasLocalSecrets(dataDir))) return readConfig(source, null);
  return readConfig(source, hasLocalSecrets(dataDir) ? localSecrets(dataDir) : NO_SECRETS_YET);
}

function placeOf(source: SettingSource): Place | null {
  try {
    return { dataDir: dataDirOf(source), databaseUrl: databaseUrlOf(source), databaseAuthToken: null };
  } catch {
    return null;
  }
}

function aboutInstallation({ local, dataDir, domain, publicUrl, signup }: Config): Finding[] {
  if (!local) {
    const who = signup === "open" ? "anyone may sign up" : "only those who have an account get in";
    return [green(`A service for mail to ${domain}, at ${publicUrl}; ${who} (SIGNUP=${signup}).`)];
  }
  if (hasLocalSecrets(dataDir)) return [green(`A local installation in ${dataDir}.`)];
  return [green(`Nothing is installed in ${dataDir} yet; the first start (npm start) does it.`)];
}

function aboutService({ local, linkKeys, webhookCredentials, operatorEmail }: Config): Finding[] {
  if (local) return [];
  const several = [
    linkKeys.length > 1 ? `${linkKeys.length} LINK_KEYS: the first signs, all verify.` : null,
    webhookCredentials.length > 1 ? `${webhookCredentials.length} WEBHOOK_CREDENTIALS: each lets Postmark in.` : null,
  ];
  return [
    ...several.filter((says) => says !== null).map(green),
    operatorEmail === null
      ? yellow("Nobody is told when the service needs a person.", "Set OPERATOR_EMAIL to an address that is read.")
      : green(`${operatorEmail} is told when the service needs a person.`),
  ];
}
