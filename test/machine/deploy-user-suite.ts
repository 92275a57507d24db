import { describe, expect, it } from "vitest";
import type { Deployed } from "./deployed.ts";
import type { Releases } from "./releases.ts";

/** A machine on which a release serves, and an archive of another one. */
export type ConfinedWorld = { readonly deployed: Deployed; readonly releases: Releases; readonly archive: string };

const ACTIVATE = "/usr/local/sbin/wtmm-activate";
/** Whatever of it comes to be, root made it. */
const OWNED = "/etc/wtmm-owned";

/**
 * Tests of what the deploy user can't do. What it can: its releases run as the user wtmm, with the service's secrets and
 * data. It can break or betray the service, and not take the machine.
 */
export function confinesDeployUser(world: () => ConfinedWorld): void {
  const asDeploy = (script: string) => world().deployed.asDeploy(script);
  const console = (script: string) => world().deployed.machine.console(script);
  const serving = () => world().deployed.serving();

  describe("the deploy user", () => {
    it("may activate a release through sudo, and nothing else", async () => {
      const { output } = await asDeploy("sudo -n -l");
      expect(output.match(/\(.*\).*/g)).toEqual([`(root) NOPASSWD: ${ACTIVATE} ^[0-9A-Za-z.-]+$`]);
    });

    it.each([
      "sudo -n id",
      "sudo -n -s id",
      "sudo -n -i id",
      "sudo -n -u wtmm id",
      "sudo -n su -c id",
      "sudo -n systemd-run --pipe id",
      "sudo -n systemctl restart wtmm.service",
      "sudo -n visudo",
      "sudo -n wtmm doctor",
      "wtmm doctor",
      "SUDO_EDITOR='touch /etc/wtmm-owned;' sudoedit -n /etc/sudoers",
      `sudo -n ${ACTIVATE}`,
      `sudo -n ${ACTIVATE} ''`,
      `sudo -n ${ACTIVATE} 1.0.0 1.0.0`,
      `sudo -n ${ACTIVATE} '1.0.0 1.0.0'`,
      `sudo -n ${ACTIVATE} $'1.0.0\\nid'`,
      `sudo -n ${ACTIVATE} '1.0.0;id'`,
      `sudo -n ${ACTIVATE} '$(id)'`,
      `sudo -n ${ACTIVATE} ../../../etc`,
      `sudo -n ${ACTIVATE} .`,
      `sudo -n ${ACTIVATE} ..`,
      `sudo -n ${ACTIVATE} 1..0`,
      `sudo -n ${ACTIVATE} --help`,
      `sudo -n ${ACTIVATE} -x`,
      `sudo -n /usr/local/sbin/../sbin/wtmm-activate-other 1.0.0`,
      `sudo -n bash ${ACTIVATE} 1.0.0`,
      `sudo -n -E LD_PRELOAD=/tmp/evil.so ${ACTIVATE} 1.0.0`,
      `sudo -n PATH=/tmp/evil ${ACTIVATE} 1.0.0`,
      `sudo -n BASH_ENV=/tmp/evil/env ${ACTIVATE} 1.0.0`,
      `sudo -n --chdir=/opt/wtmm/releases ${ACTIVATE} 1.0.0`,
      `sudo -n --chroot=/opt/wtmm/releases ${ACTIVATE} 1.0.0`,
    ])("gets nothing by %s", async (command) => {
      const { code, output } = await asDeploy(command);
      expect(code).not.toBe(0);
      expect(output).not.toMatch(/uid=/);
      expect(output).toMatch(
        /password is required|not allowed|not permitted|no name of a release|command not found|must be/,
      );
    });

    it("has nothing of its surroundings run by root", async () => {
      await asDeploy(`mkdir -p /tmp/evil && cd /tmp/evil
        for name in readlink sed ln mv sync sha256sum cut systemctl systemd-run curl grep logger journalctl flock mkdir timeout; do
          printf '#!/bin/sh\\n/usr/bin/touch /tmp/evil/made-by-$(/usr/bin/id -u)\\nexec /usr/bin/%s "$@"\\n' $name >$name
        done
        chmod 755 *; echo '/usr/bin/touch /tmp/evil/env-of-$(/usr/bin/id -u)' >env-file
        readlink() { /usr/bin/touch /tmp/evil/function-of-$(/usr/bin/id -u); }; export -f readlink
        export PATH=/tmp/evil:$PATH BASH_ENV=/tmp/evil/env-file ENV=/tmp/evil/env-file
        sync; readlink
        for name in 1.0.0 no-such; do
          env SHELLOPTS=xtrace PS4='$(/usr/bin/touch /tmp/evil/trace-of-$(/usr/bin/id -u))' sudo -n ${ACTIVATE} $name
        done; true`);
      expect(await console("find /tmp/evil -user root")).toBe("");
      const uid = await console("id -u deploy");
      expect(await console("ls /tmp/evil")).toMatch(new RegExp(`function-of-${uid}[^]*made-by-${uid}`));
    });

    it.each([
      "touch /opt/wtmm/owned",
      "ln -sfn /etc /opt/wtmm/current",
      "rm /opt/wtmm/current",
      "mv /opt/wtmm/releases /opt/wtmm/away",
      "touch /etc/systemd/system/owned.service",
      "touch /etc/systemd/system/wtmm.service.d/owned.conf",
      "touch /usr/local/sbin/owned",
      `echo >>${ACTIVATE}`,
      "echo >>/usr/local/bin/wtmm",
      "echo >>/etc/wtmm/settings.env",
      "ls /etc/wtmm/credentials",
      "cat /etc/wtmm/credentials/LINK_KEYS",
      "ls /run/credentials/wtmm.service",
      "ls /var/lib/wtmm",
      "ls /var/lib/wtmm-activation",
      "cat /etc/sudoers.d/wtmm-deploy",
      "cat /proc/$(systemctl show -p MainPID --value wtmm.service)/environ",
      "kill $(systemctl show -p MainPID --value wtmm.service)",
      "systemctl stop wtmm.service",
      "systemctl daemon-reload",
    ])("can't: %s", async (command) => {
      const { code, output } = await asDeploy(command);
      expect(code).not.toBe(0);
      expect(output).toMatch(/denied|not permitted|authentication|Failed to/i);
    });

    it("gets nothing by a release that leads elsewhere", async () => {
      await asDeploy(`cd /opt/wtmm/releases
        ln -s / root; ln -s /etc etc; ln -s 1.0.0 link
        mkdir shadow && ln -s /etc/shadow shadow/manifest.json && mkdir shadow/bin && ln -s /bin/false shadow/bin/wtmm
        mkdir inside && ln -s /etc inside/bin`);
      for (const name of ["root", "etc", "link", "shadow", "inside"]) {
        const { code, output } = await asDeploy(`sudo -n ${ACTIVATE} ${name}`);
        expect({ name, code }).toEqual({ name, code: 1 });
        expect(output).not.toContain("root:");
      }
      expect(await serving()).not.toBe("");
    });

    it("can't have root wait for ever", async () => {
      // It does all that a release has to do, as 1.0.0, until root reads its manifest.
      await asDeploy(
        `cd /opt/wtmm/releases && cp -al 1.0.0 waits && rm waits/manifest.json && mkfifo waits/manifest.json`,
      );
      const { code, output } = await asDeploy(`timeout 90 sudo -n ${ACTIVATE} waits`);
      expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining("serves again") });
    }, 120_000);

    it("gets a release that looks around no further than the service itself", async () => {
      await asDeploy(`mkdir -p /opt/wtmm/releases/looks/bin && cd /opt/wtmm/releases/looks && cat >bin/wtmm <<'END' && chmod 755 bin/wtmm
#!/bin/sh
id
grep -E 'NoNewPrivs|Cap(Eff|Bnd|Prm)' /proc/self/status
for file in /etc/shadow /etc/wtmm/credentials/LINK_KEYS /etc/sudoers.d/wtmm-deploy; do cat $file; done
for place in /etc /opt/wtmm /opt/wtmm/releases /usr/local/sbin /home/deploy /root /run/systemd/system /var/lib/wtmm-activation; do
  touch $place/wtmm-owned && echo "wrote $place"
done
sudo -n ${ACTIVATE} 1.0.0 && echo "became root"
unshare --user id
systemctl stop nginx && echo "stopped nginx"
touch /var/lib/wtmm/looked && rm /var/lib/wtmm/looked && echo "wrote /var/lib/wtmm"
exit 1
END`);
      const { code, output } = await asDeploy(`sudo -n ${ACTIVATE} looks`);
      expect(code).toBe(1);
      expect(output).toMatch(/uid=\d+\(wtmm\)/);
      expect(output).toMatch(/NoNewPrivs:\s+1/);
      expect(output.match(/Cap\w+:\s+0{16}$/gm)).toHaveLength(3);
      expect(output.match(/wrote .*|became root|stopped nginx|root:.*/g)).toEqual(["wrote /var/lib/wtmm"]);
      expect(await console("find / -xdev -name 'wtmm-owned*'")).toBe("");
    });

    it("gets nothing by what an archive holds", async () => {
      const { deployed, releases, archive } = world();
      const hostile = await releases.repack(
        archive,
        "hostile",
        "cp /bin/true bin/extra; chmod 6755 bin/extra bin/node; touch ../../wtmm-escaped /tmp/wtmm-absolute; " +
          'ln -s /etc link; sed -i \'s/"release": .*/"release": "hostile",/\' manifest.json; ' +
          "members='../wtmm-escaped /tmp/wtmm-absolute'",
      );
      await console("rm -f /tmp/wtmm-absolute");
      const play = await deployed.deploy(hostile);
      expect(play.code).not.toBe(0);
      expect(await console("find / -xdev '(' -name wtmm-escaped -o -name wtmm-absolute ')'")).toBe("");
      expect(await console("find /opt/wtmm/releases ! -user deploy -o -perm /7000")).toBe("");
    });

    it("has left nothing behind that root made", async () => {
      expect(await console(`ls ${OWNED} /opt/wtmm/owned 2>/dev/null | wc -l; readlink /opt/wtmm/current`)).toBe(
        "0\nreleases/1.0.0",
      );
      await asDeploy("cd /opt/wtmm/releases && rm -rf root etc link shadow inside waits looks hostile /tmp/evil");
      expect(await serving()).toBe("1.0.0");
    });
  });
}
