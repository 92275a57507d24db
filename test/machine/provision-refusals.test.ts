import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BareMachine, type Keys, bareMachine, hosterKey, makeKeys, playbook } from "./provisioned.ts";

describe("a bare Debian", () => {
  let machine: BareMachine;
  let keys: Keys;

  beforeAll(async () => {
    machine = await bareMachine("prov-bare", "bookworm");
    keys = await makeKeys();
  });
  afterAll(async () => {
    await machine?.remove();
    await keys?.remove();
  });

  const provision = (tags: string, extraVars: Readonly<Record<string, unknown>> = {}) =>
    playbook("provision", { machine, keys, tags, extraVars });

  it("can be asked what would change", async () => {
    expect(await playbook("provision", { machine, keys, args: ["--check"] })).toMatchObject({
      failed: 0,
      unreachable: 0,
    });
    expect(await machine.console("ls /etc/sudoers.d/admin /usr/sbin/ufw /etc/nginx /etc/wtmm 2>&1 || true")).toMatch(
      /^(.*No such file.*\s*){4}$/,
    );
  });

  it("keeps root's login when there is no admin yet", async () => {
    const play = await provision("sshd");
    expect(play).toMatchObject({ failed: 1, changed: 0 });
    expect(play.output).toContain("admin cannot log in");
    expect((await machine.login("root", hosterKey, "id -u")).output).toBe("0");
  });

  it("keeps root's login when admin's key doesn't work", async () => {
    const lost = await makeKeys();
    await rm(lost.admin);
    const play = await provision("users,sshd", { admin_key: `${lost.admin}.pub` });
    expect(play).toMatchObject({ failed: 1 });
    expect(play.output).toContain("admin cannot log in");
    expect((await machine.login("root", hosterKey, "id -u")).output).toBe("0");
    await lost.remove();
  });
});
