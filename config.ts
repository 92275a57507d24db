import { normaliseEmail } from "./access/email-address.ts";
import { networkOf } from "./access/network.ts";

/** Every setting of the program, checked. Secrets are in it: it is never logged. */
export type Config = {
  /** Local mode: one person's laptop, nothing leaves the machine. */
  readonly local: boolean;
  readonly domain: string;
  /** Address that links are built from, without a slash at its end. */
  readonly publicUrl: string;
  /** Further addresses a browser may call us by. */
  readonly otherUrls: readonly string[];
  readonly port: number;
  /** False when the port is only the default, so that another one may be taken instead. */
  readonly portIsSet: boolean;
  readonly host: string;
  readonly smtpPort: number;
  /** As portIsSet. */
  readonly smtpPortIsSet: boolean;
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly databaseAuthToken: string | null;
  readonly webhookCredentials: readonly string[];
  readonly webhookMaxBytes: number;
  /** What is kept of one account's mail in a day; the rest comes again when the day is over. */
  readonly accountLimits: { readonly mailsPerDay: number; readonly bytesPerDay: number };
  readonly linkKeys: readonly string[];
  readonly postmarkServerToken: string;
  readonly postmarkApiUrl: string;
  readonly mailFrom: string;
  /** Who is told when the service needs a person. */
  readonly operatorEmail: string | null;
  /** Where dumps go; null when there are none. */
  readonly s3: S3Settings | null;
  /** Whose age identities open the dumps; empty when none are made. */
  readonly dumpRecipients: readonly string[];
  /** The file with the key that opens dumps; null where there is none, as on a machine that only makes them. */
  readonly dumpIdentityFile: string | null;
  /** Where the copy of the database goes that ops may read; null for none. */
  readonly opsCopy: string | null;
  readonly trustedProxies: readonly string[];
  readonly logLevel: string;
  readonly signup: "open" | "closed";
};

/** A bucket of a service that speaks Amazon's S3, and the key to it. */
export type S3Settings = {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** What the name of everything in it begins with: empty, or with a slash at its end. */
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Whether the bucket stands in the path of an address instead of before its host. */
  readonly forcePathStyle: boolean;
};

/** A setting is missing or malformed. The message names it and says what it should be; the program does not start. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Settings that nobody else may read; those that come from files of their own on a provisioned machine. */
export const SECRETS = [
  "WEBHOOK_CREDENTIALS",
  "LINK_KEYS",
  "POSTMARK_SERVER_TOKEN",
  "DATABASE_AUTH_TOKEN",
  "S3_ACCESS_KEY_ID",
  "S3_SECRET_ACCESS_KEY",
] as const;

/** Where settings come from: the environment, and files for secrets. */
export type SettingSource = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Returns a file's text, or null when there is no such file. */
  readonly readFile: (path: string) => string | null;
};

/** Secrets that local mode makes for itself on its first start. */
export type LocalSecrets = { readonly webhookCredential: string; readonly linkKey: string };

// 35 MB of attachments are 47 MB in base64, and the raw mail beside them carries them once more.
const WEBHOOK_MAX_BYTES = 110 * 1024 * 1024;
// Nobody gets that many alerts; one account must not fill the disk for all.
const ACCOUNT_MAILS_PER_DAY = 500;
const ACCOUNT_BYTES_PER_DAY = 200 * 1024 * 1024;
const LOCAL_DOMAIN = "wtmm.test";
const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];

/**
 * Reads every setting once.
 *
 * @param secrets given in local mode only: stands in for the secrets that have no default otherwise
 * @throws ConfigError naming the first setting that is missing or malformed
 */
export function readConfig(source: SettingSource, secrets: LocalSecrets | null): Config {
  const local = secrets !== null;
  const read = (name: string): string | null => readSetting(source, name);
  const need = (name: string, what: string): string => read(name) ?? fail(`${name} is not set. It must be ${what}.`);

  if (!local) need("DOMAIN", "the domain that mail arrives at");
  const domain = domainOf(source);
  const port = portOf("PORT", read("PORT") ?? "8080");
  const dataDir = dataDirOf(source);
  const publicUrl = read("PUBLIC_URL");
  return Object.freeze({
    local,
    domain,
    publicUrl:
      publicUrl === null
        ? local
          ? `http://127.0.0.1:${port}`
          : `https://${domain}`
        : hostUrlOf("PUBLIC_URL", publicUrl),
    otherUrls: local ? [`http://localhost:${port}`] : [],
    port,
    portIsSet: read("PORT") !== null,
    host: read("HOST") ?? "127.0.0.1",
    smtpPort: portOf("SMTP_PORT", read("SMTP_PORT") ?? "2525"),
    smtpPortIsSet: read("SMTP_PORT") !== null,
    dataDir,
    databaseUrl: databaseUrlOf(source),
    databaseAuthToken: wordOf("DATABASE_AUTH_TOKEN", read("DATABASE_AUTH_TOKEN")),
    webhookCredentials: credentialsOf(
      secrets?.webhookCredential ?? need("WEBHOOK_CREDENTIALS", "user:password, several separated by spaces"),
    ),
    webhookMaxBytes: numberOf("WEBHOOK_MAX_BYTES", read("WEBHOOK_MAX_BYTES")) ?? WEBHOOK_MAX_BYTES,
    accountLimits: {
      mailsPerDay: numberOf("ACCOUNT_MAILS_PER_DAY", read("ACCOUNT_MAILS_PER_DAY")) ?? ACCOUNT_MAILS_PER_DAY,
      bytesPerDay: numberOf("ACCOUNT_BYTES_PER_DAY", read("ACCOUNT_BYTES_PER_DAY")) ?? ACCOUNT_BYTES_PER_DAY,
    },
    linkKeys: linkKeysOf(secrets?.linkKey ?? need("LINK_KEYS", "one or more random keys separated by spaces")),
    postmarkServerToken: local
      ? "local"
      : wordOf("POSTMARK_SERVER_TOKEN", need("POSTMARK_SERVER_TOKEN", "the server token that Postmark gave you")),
    postmarkApiUrl: urlOf("POSTMARK_API_URL", read("POSTMARK_API_URL") ?? "https://api.postmarkapp.com"),
    mailFrom: senderOf(read("MAIL_FROM") ?? `info@${domain}`, domain),
    operatorEmail: emailOf("OPERATOR_EMAIL", read("OPERATOR_EMAIL")),
    s3: local ? null : s3Of(source),
    dumpRecipients: recipientsOf(read("DUMP_RECIPIENT")),
    dumpIdentityFile: dumpIdentityFileOf(source),
    opsCopy: opsCopyOf(source),
    trustedProxies: proxiesOf(read("TRUSTED_PROXY")),
    // On a laptop the terminal belongs to the person.
    logLevel: oneOf("LOG_LEVEL", read("LOG_LEVEL") ?? (local ? "warn" : "info"), LOG_LEVELS),
    signup: oneOf("SIGNUP", read("SIGNUP") ?? "open", ["open", "closed"] as const),
  });
}

/** The folder that everything the program keeps lies in. */
export function dataDirOf(source: SettingSource): string {
  return readSetting(source, "DATA_DIR") ?? "./data";
}

/**
 * The address of the database, whatever is wrong with other settings.
 *
 * @throws ConfigError when it is malformed
 */
export function databaseUrlOf(source: SettingSource): string {
  const text = readSetting(source, "DATABASE_URL") ?? fileUrlOf(`${dataDirOf(source)}/wtmm.db`);
  if (!/^(file:.|https?:\/\/.|libsql:\/\/.)/.test(text)) {
    fail("DATABASE_URL must begin with file:, http://, https:// or libsql://.");
  }
  // The address is printed when it can't be opened.
  if (/[?#]|^[a-z]+:\/\/[^/]*@/.test(text)) {
    fail("DATABASE_URL must hold nothing but an address: what lets us in goes into DATABASE_AUTH_TOKEN.");
  }
  return text;
}

/**
 * The domain that mail arrives at; without a setting, the one of local mode.
 *
 * @throws ConfigError when it is malformed
 */
export function domainOf(source: SettingSource): string {
  const text = readSetting(source, "DOMAIN") ?? LOCAL_DOMAIN;
  const domain = text.toLowerCase();
  if (!/^(?=.{3,200}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain)) fail(`DOMAIN is not a domain name: ${text}`);
  return domain;
}

/**
 * Where dumps go; null when there are none.
 *
 * @throws ConfigError when a part is missing or malformed
 */
export function s3Of(source: SettingSource): S3Settings | null {
  return s3SettingsOf((name) => readSetting(source, name));
}

/** The file with the key that opens dumps. */
export function dumpIdentityFileOf(source: SettingSource): string | null {
  return readSetting(source, "DUMP_IDENTITY_FILE");
}

/** Where the copy of the database goes that ops may read; null for none. */
export function opsCopyOf(source: SettingSource): string | null {
  return readSetting(source, "OPS_COPY");
}

/** Whether secrets are set that only a service on the net has: local mode makes its own. */
export function isForService(source: SettingSource): boolean {
  return ["WEBHOOK_CREDENTIALS", "LINK_KEYS"].some((name) => readSetting(source, name) !== null);
}

/** A setting from NAME, from the file that NAME_FILE names, or from systemd's credentials; empty counts as unset. */
function readSetting({ env, readFile }: SettingSource, name: string): string | null {
  const direct = env[name];
  if (direct !== undefined && direct.trim() !== "") return direct.trim();
  const path = env[`${name}_FILE`];
  if (path !== undefined && path !== "") {
    const text = readFile(path);
    // Who gives the secret itself in the place of its file would read it in the journal.
    if (text === null) fail(`${name}_FILE names a file that can't be read.`);
    return text.trim() === "" ? null : text.trim();
  }
  const directory = env["CREDENTIALS_DIRECTORY"];
  const credential = directory === undefined ? null : readFile(`${directory}/${name}`);
  return credential === null || credential.trim() === "" ? null : credential.trim();
}

function fail(message: string): never {
  throw new ConfigError(message);
}

function portOf(name: string, text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) fail(`${name} is not a port between 0 and 65535: ${text}`);
  return port;
}

function urlOf(name: string, text: string): string {
  const url = URL.parse(text);
  if (url === null || !["http:", "https:"].includes(url.protocol) || url.search !== "" || url.hash !== "") {
    // It may hold a password.
    fail(`${name} is not an http or https address without ? and #${text.includes("@") ? "." : `: ${text}`}`);
  }
  return text.replace(/\/+$/, "");
}

/** Neither our pages nor a bucket's service know anything of a path before their own. */
function hostUrlOf(name: string, text: string): string {
  const address = urlOf(name, text);
  const { pathname, username, password, origin } = new URL(address);
  if (pathname !== "/" || username !== "" || password !== "") {
    fail(`${name} must be no more than https:// and a host, perhaps with a port.`);
  }
  return origin;
}

/** The address of a database in a file. A path may hold what means something else in an address. */
export function fileUrlOf(path: string): string {
  return `file:${encodeURI(path).replaceAll("?", "%3F").replaceAll("#", "%23")}`;
}

/** Letters of ours that come back are known by their domain. */
function senderOf(text: string, domain: string): string {
  const address = /^[^<>@,]*<([^<>]+)>$/.exec(text)?.[1] ?? text;
  if (!/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(address) || !address.toLowerCase().endsWith(`@${domain}`)) {
    fail(`MAIL_FROM must be an address at ${domain} (DOMAIN).`);
  }
  return text;
}

function emailOf(name: string, text: string | null): string | null {
  if (text !== null && normaliseEmail(text) === null) fail(`${name} is not an e-mail address: ${text}`);
  return text;
}

const S3_NEEDED = {
  S3_ENDPOINT: "the address of the service that dumps go to",
  S3_BUCKET: "the name of the bucket for dumps",
  S3_ACCESS_KEY_ID: "the name of the key to the bucket",
  S3_SECRET_ACCESS_KEY: "the key to the bucket",
};

/** All of it or nothing: dumps that go nowhere would be missed on the day that they are needed. */
function s3SettingsOf(read: (name: string) => string | null): S3Settings | null {
  const set = ["S3_ENDPOINT", "S3_BUCKET", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY", "S3_REGION", "S3_PREFIX"].find(
    (name) => read(name) !== null,
  );
  const forcePathStyle = oneOf("S3_FORCE_PATH_STYLE", read("S3_FORCE_PATH_STYLE") ?? "false", ["true", "false"]);
  if (set === undefined) return null;
  const need = (name: keyof typeof S3_NEEDED): string =>
    read(name) ?? fail(`${name} is not set, but ${set} is. It must be ${S3_NEEDED[name]}.`);
  return Object.freeze({
    endpoint: hostUrlOf("S3_ENDPOINT", need("S3_ENDPOINT")),
    region: read("S3_REGION") ?? "us-east-1",
    bucket: bucketOf(need("S3_BUCKET")),
    prefix: prefixOf(read("S3_PREFIX")),
    accessKeyId: wordOf("S3_ACCESS_KEY_ID", need("S3_ACCESS_KEY_ID")),
    secretAccessKey: wordOf("S3_SECRET_ACCESS_KEY", need("S3_SECRET_ACCESS_KEY")),
    forcePathStyle: forcePathStyle === "true",
  });
}

/** Their spelling; whether a letter is wrong is for age to say (https://age-encryption.org/v1). */
function recipientsOf(text: string | null): readonly string[] {
  const recipients = wordsOf(text);
  // What opens all dumps must not be on this machine, and not be repeated in its journal.
  if (recipients.some((word) => /^AGE-SECRET-KEY-/i.test(word)))
    fail("DUMP_RECIPIENT holds a secret key. It must be the public one, which begins with age1; make a new pair.");
  const wrong = recipients.find((word) => !/^age1[02-9ac-hj-np-z]{58}$/.test(word));
  if (wrong !== undefined)
    fail(`DUMP_RECIPIENT must be public keys of age (age1 and 58 more letters) separated by spaces, not ${wrong}.`);
  return Object.freeze(recipients);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function bucketOf(name: string): string {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)
    ? name
    : fail(`S3_BUCKET is not the name of a bucket: ${name}`);
}

function prefixOf(text: string | null): string {
  const path = (text ?? "").replace(/^\/+|\/+$/g, "");
  if (!/^[\w./-]*$/.test(path)) fail(`S3_PREFIX must be a path of plain letters, digits and . _ - /, not ${path}.`);
  return path === "" ? "" : `${path}/`;
}

/** A token that stands in a header: the client that refuses to send another one repeats it in its error. */
function wordOf<T extends string | null>(name: string, text: T): T {
  if (text !== null && !/^[\x21-\x7e]+$/.test(text))
    fail(`${name} must be one word of plain letters, digits and signs.`);
  return text;
}

function credentialsOf(text: string): string[] {
  const credentials = wordsOf(text);
  // The value is a secret: it is not repeated in the message.
  if (credentials.some((credential) => !/^[^:]+:.{8,}$/.test(credential))) {
    fail(
      "WEBHOOK_CREDENTIALS must be user:password with a password of at least 8 characters, several separated by spaces.",
    );
  }
  return credentials;
}

function linkKeysOf(text: string): string[] {
  const keys = wordsOf(text);
  if (keys.some((key) => key.length < 32))
    fail("LINK_KEYS must be random keys of at least 32 characters each, separated by spaces.");
  return keys;
}

function numberOf(name: string, text: string | null): number | null {
  if (text === null) return null;
  if (!/^[1-9]\d{0,11}$/.test(text)) fail(`${name} is not a number above 0: ${text}`);
  return Number(text);
}

function oneOf<T extends string>(name: string, text: string, choices: readonly T[]): T {
  return (
    choices.find((choice) => choice === text) ?? fail(`${name} must be one of ${choices.join(", ")}, not ${text}.`)
  );
}

/** A name or a network would never be equal to the address that a proxy calls from. */
function proxiesOf(text: string | null): string[] {
  const proxies = wordsOf(text);
  const wrong = proxies.find((proxy) => networkOf(proxy) === "unknown");
  return wrong === undefined ? proxies : fail(`TRUSTED_PROXY must be IP addresses separated by spaces, not ${wrong}.`);
}

function wordsOf(text: string | null): string[] {
  return (text ?? "").split(/\s+/).filter((word) => word !== "");
}
