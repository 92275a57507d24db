import { readConfig, type Config } from "../config.ts";
import { CREDENTIAL, LINK_KEY } from "./fake-app.ts";

/** The settings that a service needs, and no others. */
export const SERVICE = {
  DOMAIN: "wtmm.example.com",
  WEBHOOK_CREDENTIALS: CREDENTIAL,
  LINK_KEYS: LINK_KEY,
  POSTMARK_SERVER_TOKEN: "server-token-of-a-test",
};

/** The settings of a service as they are read, some of them others. */
export function serviceConfig(env: Readonly<Record<string, string>> = {}): Config {
  return readConfig({ env: { ...SERVICE, ...env }, readFile: () => null }, null);
}
