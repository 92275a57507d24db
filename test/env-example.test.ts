import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

import { readConfig, SECRETS } from "../config.ts";

const EXAMPLE = readFileSync(new URL("../.env.example", import.meta.url), "utf8");

/** Every name that the settings are looked up by. */
function namesAsked(env: Record<string, string>): Set<string> {
  const asked = new Set<string>();
  const recording = new Proxy(env, {
    get(target, name) {
      // Where a name was looked up by itself, its file is another place for the same setting.
      if (typeof name === "string" && name !== "CREDENTIALS_DIRECTORY" && !asked.has(name.replace(/_FILE$/, "")))
        asked.add(name);
      return Reflect.get(target, name) as string | undefined;
    },
  });
  readConfig({ env: recording, readFile: () => null }, null);
  return asked;
}

/** The lines that set something, commented out or not. */
function settingsIn(text: string): [name: string, value: string][] {
  return [...text.matchAll(/^#?([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]);
}

it("names the settings that there are, and each with a sentence", () => {
  const needed = Object.fromEntries(settingsIn(EXAMPLE).filter(([name]) => new RegExp(`^${name}=`, "m").test(EXAMPLE)));
  const listed = settingsIn(EXAMPLE).map(([name]) => name);
  expect(listed.toSorted()).toEqual([...namesAsked(needed)].toSorted());
  for (const [name] of settingsIn(EXAMPLE)) expect(EXAMPLE).toMatch(new RegExp(`^# .*\\.\\n#?${name}=`, "m"));
});

it("says of each secret that it is one", () => {
  const secrets = [...EXAMPLE.matchAll(/^# Secret\. .*\n#?([A-Z0-9_]+)=/gm)].map(([, name = ""]) => name);
  expect(secrets.toSorted()).toEqual(SECRETS.toSorted());
});

it("holds values that are taken", () => {
  const all = Object.fromEntries(settingsIn(EXAMPLE));
  expect(readConfig({ env: all, readFile: () => null }, null).domain).toBe("wtmm.example.com");
});
