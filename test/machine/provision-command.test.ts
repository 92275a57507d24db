import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Keys, makeKeys, run } from "./provisioned.ts";

const command = join(import.meta.dirname, "../../bin/provision");

describe("bin/provision", () => {
  let folder: string;
  let keys: Keys;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "wtmm-provision-"));
    keys = await makeKeys();
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await keys.remove();
  });

  /** Runs it with those settings instead of or beside right ones, of a machine that isn't there. */
  async function provision(settings: Readonly<Record<string, unknown>>, ...args: string[]) {
    const right = {
      domain: "money.example.com",
      address: "127.0.0.1",
      ansible_port: 1,
      admin_key: `${keys.admin}.pub`,
      operator_email: "you@example.com",
      postmark_server_token: "POSTMARK_API_TEST",
    };
    const file = join(folder, "settings.yml");
    await writeFile(file, JSON.stringify({ ...right, ...settings }));
    return run([command, ...args], { WTMM_SETTINGS: file, ANSIBLE_NOCOLOR: "1" });
  }

  it("says how it is used", async () => {
    expect(await run([command, "--help"], { PATH: "/usr/bin:/bin" })).toEqual({
      code: 0,
      output: expect.stringContaining("Usage: bin/provision [ARGUMENTS]"),
    });
  });

  it("says that Ansible is missing", async () => {
    const tools = join(folder, "tools");
    await mkdir(tools);
    for (const tool of ["sh", "dirname"]) await symlink(`/usr/bin/${tool}`, join(tools, tool));
    expect(await run([command], { PATH: tools })).toEqual({
      code: 1,
      output: expect.stringMatching(/^bin\/provision: Ansible is missing[.] Install the package 'ansible'/),
    });
  });

  it("says that the settings are missing", async () => {
    expect(await run([command], { WTMM_SETTINGS: "/nowhere/settings.yml" })).toEqual({
      code: 1,
      output:
        "bin/provision: /nowhere/settings.yml is missing. Copy provisioning/settings.example.yml to it and fill in its values.",
    });
  });

  it("says that the settings are empty", async () => {
    const file = join(folder, "empty.yml");
    await writeFile(file, "---\n");
    expect(await run([command], { WTMM_SETTINGS: file })).toEqual({
      code: 1,
      output: `bin/provision: ${file} names no domain. It must be like provisioning/settings.example.yml.`,
    });
  });

  it("says where the settings are not YAML", async () => {
    const file = join(folder, "broken.yml");
    await writeFile(file, "domain: [\n");
    const { code, output } = await run([command], { WTMM_SETTINGS: file, ANSIBLE_NOCOLOR: "1" });
    expect(code).not.toBe(0);
    expect(output).toContain(`The error appears to be in '${file}'`);
  });

  it.each([
    { domain: "money", address: "203.0.113.10/32", admin_key: "ssh-ed25519 AAAA", operator_email: "you" },
    { domain: null, address: "-oProxyCommand=id", admin_key: 17, operator_email: "" },
    { domain: "https://money.example.com", address: "", admin_key: null, operator_email: "you@home" },
    { domain: "", address: null, admin_key: undefined, operator_email: undefined },
  ])("names every wrong value of %j, and what it must be, but repeats no token", async (wrong) => {
    const { code, output } = await provision({ ...wrong, postmark_server_token: "0123-almost-a-token" }, "-v");
    expect(code).not.toBe(0);
    expect(output).toContain("settings.yml: domain must be a domain name in small letters like money.example.com.");
    expect(output).toContain("settings.yml: address must be the IP address of the machine, or a name for it.");
    expect(output).toContain("settings.yml: admin_key must be the full path of your public ssh key");
    expect(output).toContain("settings.yml: operator_email must be a mail address.");
    expect(output).toContain("settings.yml: postmark_server_token must be the API token of a Postmark server");
    expect(output).not.toContain("almost");
  });

  it.each(["no file", "the private half"])("refuses as admin's key %s", async (what) => {
    const { code, output } = await provision({ admin_key: what === "no file" ? "/nowhere.pub" : keys.admin });
    expect(code).not.toBe(0);
    expect(output).toMatch(/is no file with one public ssh key/);
  });

  it("says that nobody can log in, and why", async () => {
    const { code, output } = await provision({});
    expect(code).not.toBe(0);
    expect(output).toContain("Neither admin nor root can log in at 127.0.0.1");
    expect(output).toContain("Connection refused");
  });

  it("passes further arguments on", async () => {
    const { code, output } = await provision({}, "--list-tags");
    expect([code, output]).toEqual([
      0,
      expect.stringContaining("[always, base, certificate, firewall, nginx, sshd, users, wtmm]"),
    ]);
  });
});
