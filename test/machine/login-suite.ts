import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { ProvisionWorld } from "./provision-world.ts";
import { hosterKey } from "./provisioned.ts";

/** Who may log in over ssh, and what for. */
export function guardsLogins(world: () => ProvisionWorld): void {
  // Or fail2ban would shut this host out, which fails on purpose here.
  beforeAll(() => world().machine.console("systemctl stop fail2ban"));
  afterAll(() => world().machine.console("systemctl start fail2ban"));

  // Debian 13's sshd shuts out who failed (PerSourcePenalties), which would be this host, until it starts anew.
  afterEach(() => world().machine.console("systemctl reset-failed ssh; systemctl restart ssh"));

  it("lets admin become root", async () => {
    const { machine, keys } = world();
    expect(await machine.login("admin", keys.admin, "sudo -n id -u")).toEqual({ code: 0, output: "0" });
  });

  it("lets deploy in, who can't become root", async () => {
    const { machine, keys } = world();
    expect(await machine.login("deploy", keys.deploy, "whoami")).toEqual({ code: 0, output: "deploy" });
    expect((await machine.login("deploy", keys.deploy, "sudo -n id -u")).code).not.toBe(0);
  });

  it.each(["admin", "deploy", "ops"])("asks %s for its own key", async (user) => {
    const { machine, keys } = world();
    const other = user === "admin" ? keys.deploy : keys.admin;
    expect(await machine.login(user, other, "id")).toMatchObject({ code: 255 });
  });

  it("refuses root, with the key that it was made with too", async () => {
    const { machine } = world();
    expect(await machine.login("root", hosterKey, "id")).toMatchObject({ code: 255 });
  });

  it.each(["admin", "root", "nobody"])("offers %s no password", async (user) => {
    const { machine, keys } = world();
    const ssh = ["-o", "PreferredAuthentications=password,keyboard-interactive"];
    expect(await machine.login(user, keys.admin, "id", { ssh })).toEqual({
      code: 255,
      output: `${user}@${machine.address}: Permission denied (publickey).`,
    });
  });

  it("stays open to admin when a new key for it doesn't work", async () => {
    const { machine, keys, provision, lostKey } = world();
    const play = await provision({ tags: "users", extraVars: { admin_key: await lostKey() } });
    expect(play).toMatchObject({ failed: 1 });
    expect(play.output).toContain("the old key stays");
    expect(await machine.login("admin", keys.admin, "whoami")).toEqual({ code: 0, output: "admin" });
  });

  it("forwards admin's ports and nobody else's, and no agent", async () => {
    const { machine } = world();
    const settings = (user: string) => machine.console(`sshd -T -C user=${user},host=x,addr=192.0.2.1`);
    const closed = ["x11forwarding no", "allowagentforwarding no", "permittunnel no", "allowstreamlocalforwarding no"];
    for (const line of [...closed, "allowtcpforwarding local"])
      expect(await settings("admin")).toContain(`\n${line}\n`);
    for (const line of [...closed, "allowtcpforwarding no"]) expect(await settings("deploy")).toContain(`\n${line}\n`);
  });
}
