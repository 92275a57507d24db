import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Answer, run } from "./provisioned.ts";

const root = join(import.meta.dirname, "../..");
const provisioning = join(root, "provisioning");

describe("the files that machines are provisioned with", () => {
  it("pass ansible-lint's profile for production", async () => {
    const answer = await tool(provisioning, "ansible-lint", "--nocolor", "--offline", "--parseable");
    expect(answer).toEqual({ code: 0, output: expect.stringContaining("Passed with production profile") });
  });

  it("pass yamllint", async () => {
    const answer = await tool(provisioning, "yamllint", "--strict", "--format", "parsable", ".");
    expect(answer).toEqual({ code: 0, output: "" });
  });

  it("pass shellcheck wherever they are shell scripts", async () => {
    const scripts = await shellScripts();
    expect(scripts).toEqual(expect.arrayContaining(["bin/provision", "test/machine/testbed"]));
    expect(await tool(root, "shellcheck", ...scripts)).toEqual({ code: 0, output: "" });
  });

  it("explain every variable of a role, in its defaults and in what it accepts", async () => {
    const roles = await tracked("ls-files", "provisioning/roles/*/defaults/main.yml");
    expect(roles.length).toBeGreaterThanOrEqual(4);
    for (const defaults of roles) {
      const lines = (await readFile(join(root, defaults), "utf8")).split("\n");
      const accepted = await readFile(join(root, defaults, "../../meta/argument_specs.yml"), "utf8");
      for (const [index, line] of lines.entries()) {
        const variable = /^([a-z0-9_]+):/.exec(line)?.[1];
        if (variable === undefined) continue;
        expect([defaults, variable, lines[index - 1]]).toEqual([defaults, variable, expect.stringMatching(/^# /)]);
        expect([defaults, accepted]).toEqual([defaults, expect.stringContaining(`\n      ${variable}:\n`)]);
      }
    }
  });
});

/** Runs a tool that Debian has in a package of that name. */
async function tool(folder: string, name: string, ...args: readonly string[]): Promise<Answer> {
  const answer = await run(["env", "-C", folder, name, ...args]);
  if (answer.code === 127) throw new Error(`${name} is missing: install it with apt-get install ${name}.`);
  return answer;
}

async function shellScripts(): Promise<string[]> {
  const scripts = [];
  for (const file of await tracked("grep", "-lE", "^#!/.*sh"))
    if (/^#!.*\b(ba|da)?sh\b/.test(await readFile(join(root, file), "utf8"))) scripts.push(file);
  return scripts;
}

/** What git lists. The tests may run as root on a checkout that belongs to somebody else. */
async function tracked(...args: readonly string[]): Promise<string[]> {
  const { output } = await run(["git", "-c", `safe.directory=${root}`, "-C", root, ...args]);
  return output.split("\n");
}
