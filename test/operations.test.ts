import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
/** Messages that say nothing of their own: what a command printed, or progress. */
const NO_FAILURE = [
  /^…$/,
  /^… serves, after ….$/,
  /^… serves already\.$/,
  /^… serves again, after …\.$/,
  /^The last lines/,
  /Waiting, … more/,
];

describe("docs/operations.md", () => {
  const page = readFileSync(join(ROOT, "docs/operations.md"), "utf8");
  const rows = [...page.matchAll(/^\| (?<message>[^|]+) \| (?<remedy>[^|]+) \|$/gm)].map(({ groups }) => groups);
  const told = messages();

  it("finds messages to look for", () => expect(told.length).toBeGreaterThan(25));

  it("has a remedy for each message of a deploy, a rollback, or provisioning", () => {
    const known = new Set(rows.map((row) => row?.["message"]));
    expect(told.filter((message) => !known.has(message))).toEqual([]);
  });

  it("has one for each sentence of the copy that is pulled, and for no other", () => {
    const script = textOf("provisioning/roles/pull_copy/files/pull-copy");
    const whole = [...script.matchAll(/(?:append|exit)\(f?"([^"]+)"\)/g)].map(([, text = ""]) => text);
    const begun = [...script.matchAll(/complain_of\("([^"]+)"/g)].map(([, text = ""]) => `${text}: {key}`);
    const said = [...whole.filter((text) => !text.startsWith("{what}")), ...begun].map((text) =>
      text.replaceAll(/\{[^}]*\}/g, "…"),
    );
    expect(said.length).toBeGreaterThan(8);
    const section = page.slice(page.indexOf("| sentence "), page.indexOf("To restore one dump from it"));
    const listed = [...section.matchAll(/^\| ([^|]+) \|/gm)].map(([, sentence = ""]) => sentence).slice(1);
    expect(listed.toSorted()).toEqual(said.toSorted());
  });

  it("has none for what is never said", () => {
    const section = page.slice(page.indexOf("## What you may be told"));
    const listed = [...section.matchAll(/^\| ([^|]+) \| [^|]+ \|$/gm)].map(([, message = ""]) => message);
    expect(listed.filter((message) => !/^(message|-+)$/.test(message) && !told.includes(message))).toEqual([]);
  });
});

/** What the scripts and playbooks say when they stop, with `…` for what differs. */
function messages(): string[] {
  const scripts = [
    "bin/*",
    "provisioning/{play,receive-release,forget-releases}",
    "provisioning/roles/*/files/wtmm-activate",
  ];
  const said = globSync(scripts, { cwd: ROOT }).flatMap((file) =>
    [...textOf(file).matchAll(/\b(?:die|stop|say) "((?:[^"\\]|\\.)*)"/gs)].map(([, text = ""]) => withoutShell(text)),
  );
  const failed = globSync("provisioning/{*.yml,tasks/*.yml,roles/*/{tasks,handlers}/*.yml}", { cwd: ROOT }).flatMap(
    (file) =>
      // The second is one that is put together out of several lines.
      [...textOf(file).matchAll(/^( +)(?:(?:fail_msg|msg): (.*(?:\n\1 +.*)*)|(settings\.yml: .*))/gm)].map(
        ([, , text, line = ""]) => withoutJinja(text ?? line),
      ),
  );
  return [...new Set([...said, ...failed])]
    .filter((text) => !NO_FAILURE.some((pattern) => pattern.test(text)))
    .toSorted();
}

function textOf(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

function withoutShell(text: string): string {
  const spared = text.replaceAll(/\\(["`])/g, "$1");
  return tidy(spared.replaceAll(/\$\*|\$\([^)]*\)|\$\{[^}]*\}|\$\w+/g, "…"));
}

function withoutJinja(text: string): string {
  return tidy(
    text
      .replace(/^[>|]-\n/, "")
      .replace(/^"(.*)"$/s, "$1")
      .replaceAll(/\{\{.*?\}\}/gs, "…")
      .replaceAll("\\n", " "),
  );
}

function tidy(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll("|", "/").trim();
}
