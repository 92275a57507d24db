import { readConfig, type Config } from "../config.ts";

/** The settings that a service needs, and no others. */
export const SERVICE = {
  DOMAIN: "wtmm.example.com",
  WEBHOOK_CREDENTIALS: "postmark:correct-horse-battery",
  LINK_KEYS: "first-key-0123456789-0123456789-0123456789",
  POSTMARK_SERVER_TOKEN: "server-token-of-a-test",
};

/** The settings of a service as they are read, some of them others. */
export function serviceConfig(env: Readonly<Record<string, string>> = {}): Config {
  return readConfig({ env: { ...SERVICE, ...env }, readFile: () => null }, null);
}
