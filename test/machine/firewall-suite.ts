import { setTimeout as pause } from "node:timers/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { ProvisionWorld } from "./provision-world.ts";
import { run } from "./provisioned.ts";

const networksOfSsh = join(import.meta.dirname, "../../provisioning/roles/firewall/files/networks.py");

/** What the firewall lets in, and whom. Leaves ssh open to this host's network, as often as it wants. */
export function guardsPorts(world: () => ProvisionWorld): void {
  it("slows down who opens ssh again and again", async () => {
    const { machine, stranger } = world();
    const tries = await stranger.console(`for i in $(seq 8); do ${reach(machine.address, 22)}; done`);
    expect(tries.split("\n")).toEqual([...Array(5).fill("open"), ...Array(3).fill("closed")]);
  });

  it("stops before a list of networks without our address, or with a wrong one, locks us out", async () => {
    const { machine, provision } = world();
    const before = await machine.console("ufw status");
    const outside = await provision({ tags: "firewall", extraVars: { ssh_from: ["192.0.2.0/24"] } });
    expect(outside).toMatchObject({ failed: 1, changed: 0 });
    expect(outside.output).toContain("is in none of them, so it would lock itself out");
    expect(await machine.console("ufw status")).toBe(before);
  });

  it.each(["10.213.0.1/8", "everybody", "", "10.0.0.0/8 x", "2001:db8::/32", "0.0.0.0/33"])(
    "takes no %j for networks with our address",
    async (networks) => {
      const { code, output } = await run(["python3", networksOfSsh, "10.213.0.1", ...networks.split(" ")]);
      expect([code, output]).toEqual([1, expect.stringMatching(/^.+[.]$/)]);
    },
  );

  it("lets only the networks of ssh_from reach ssh", async () => {
    const { machine, stranger, keys, provision } = world();
    expect(await provision({ tags: "firewall", extraVars: { ssh_from: [`${hostAddress()}/32`] } })).toMatchObject({
      failed: 0,
    });
    expect(await stranger.console(reach(machine.address, 22))).toBe("closed");
    expect((await machine.login("admin", keys.admin, "whoami")).output).toBe("admin");
  });

  it("forgets the networks that are no longer named", async () => {
    const { machine, provision } = world();
    const ssh_from = [machine.address.replace(/\d+$/, "0/24"), "fe80::/10"];
    expect(await provision({ tags: "firewall", extraVars: { ssh_from } })).toMatchObject({ failed: 0 });
    const rules = await machine.console("ufw show added | grep '\\b22\\b'");
    expect(rules.trim().split("\n")).toEqual(ssh_from.map((net) => `ufw allow from ${net} to any port 22 proto tcp`));
  });

  it.each([
    ["IPv4", () => Promise.resolve(world().machine.address)],
    ["IPv6", async () => `${await linkLocal()}%eth0`],
  ])("opens 22, 80 and 443 and nothing else over %s, after a reboot too", async (_, addressOf) => {
    const { machine, stranger } = world();
    await machine.reboot();
    const address = await addressOf();
    // nginx listens on the others.
    for (const port of [8080, 9999])
      await machine.console(`systemd-run --quiet --unit=listen-${port} python3 -m http.server ${port} --bind ::`);
    await machine.console("for p in 80 443 8080 9999; do until ss -Hltn sport = :$p | grep -q .; do :; done; done");
    for (const port of [22, 80, 443])
      expect([port, await stranger.console(reach(address, port))]).toEqual([port, "open"]);
    for (const port of [8080, 9999])
      expect([port, await stranger.console(reach(address, port))]).toEqual([port, "closed"]);
    expect(await machine.console("ufw status verbose")).toMatch(/Status: active[^]*deny \(incoming\)/);
  });

  it("shuts an address out after a few wrong logins, until admin lifts it", async () => {
    const { machine, stranger, keys } = world();
    const logIn = (times: number) =>
      stranger.console(
        `for i in $(seq ${times}); do ssh -o BatchMode=yes -o StrictHostKeyChecking=no nobody@${machine.address} true; done 2>&1 || true`,
      );
    const banned = async () => (await machine.console("fail2ban-client get sshd banip")).trim();
    await logIn(5);
    // Debian 13's sshd, and the limit of connections, may have let fewer than five come that far: the others come by and by.
    for (let tries = 0; tries < 15 && (await banned()) === ""; tries += 1) {
      await pause(7_000);
      if ((await banned()) === "") await logIn(1);
    }
    expect(await banned()).toBe(stranger.address);
    expect(await stranger.console(reach(machine.address, 22))).toBe("closed");
    const lift = `sudo fail2ban-client set sshd unbanip ${stranger.address}`;
    expect(await machine.login("admin", keys.admin, lift)).toEqual({ code: 0, output: "1" });
    expect(await stranger.console(reach(machine.address, 22))).toBe("open");
  });

  async function linkLocal(): Promise<string> {
    return /inet6 (fe80::[^/]+)/.exec(await world().machine.console("ip -6 addr show dev eth0 scope link"))?.[1] ?? "";
  }

  function hostAddress(): string {
    return world().machine.address.replace(/\d+$/, "1");
  }
}

/** A shell command that says whether a connection to that port is taken. */
function reach(address: string, port: number): string {
  const connect = `import socket; socket.create_connection(("${address}", ${port}), 1)`;
  return `python3 -c '${connect}' 2>/dev/null && echo open || echo closed`;
}
