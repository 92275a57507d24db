import { request } from "node:https";
import type { Deployed } from "./deployed.ts";
import type { LoadTarget } from "./load.ts";

// Nobody gets more than a few alerts a day: pages of people with thousands would be another test's.
const ACCOUNTS = 2_000;
const SIGNED_IN = 20;

/** Makes accounts on a machine that serves, signs some of their people in through nginx, and takes what a load needs. */
export async function loadTargetOf(deployed: Deployed): Promise<LoadTarget> {
  const { machine, host, authority } = deployed;
  // Nobody else may write while the service does.
  await machine.console("systemctl stop wtmm.socket wtmm.service");
  await inDatabase(
    deployed,
    `for n in range(1, ${ACCOUNTS} + 1):
    db.execute("INSERT INTO accounts (id, time_zone, created_at) VALUES (?, 'America/New_York', 0)", (f"person{n}",))
    db.execute("INSERT INTO addresses VALUES (?, ?, 0, 0)", (f"person{n}@example.com", f"person{n}"))
    db.execute("INSERT INTO alert_addresses VALUES (?, ?, 0, NULL)", ("load" + "".join(chr(97 + n // 26**i % 26) for i in range(12)), f"person{n}"))
db.commit()`,
    "rw",
  );
  await machine.console("systemctl start wtmm.socket wtmm.service");
  const printed = await machine.console(
    `for n in $(seq ${SIGNED_IN}); do wtmm login-link "person$n@example.com" || exit 1; done`,
  );
  const tokens = Array.from(printed.matchAll(/\/sign-in\?t=([\w.-]+)/g), ([, token = ""]) => token);
  const cookies = await Promise.all(tokens.map((token) => signIn(deployed, token)));
  if (cookies.length !== SIGNED_IN) throw new Error(printed);
  const alertTokens = await query(deployed, "SELECT token FROM alert_addresses");
  const credential = (await machine.console("cat /etc/wtmm/credentials/WEBHOOK_CREDENTIALS")).trim();
  return {
    address: machine.address,
    host,
    authority,
    credential,
    cookies,
    alertAddresses: alertTokens.map((token) => `alerts+${token}@${host}`),
  };
}

/** The first column of what the database on the machine answers; the service may run. */
export async function query(deployed: Deployed, sql: string): Promise<string[]> {
  const printed = await inDatabase(deployed, `for row in db.execute(${JSON.stringify(sql)}): print(row[0])`, "ro");
  return printed.split("\n").filter((line) => line !== "");
}

/** Runs Python with the database as `db`. As the service's user: root would leave files that it can't write. */
function inDatabase({ machine }: Deployed, code: string, mode: "ro" | "rw"): Promise<string> {
  return machine.console(`runuser -u wtmm -- python3 - <<'END OF PROGRAM'
import sqlite3
db = sqlite3.connect("file:/var/lib/wtmm/wtmm.db?mode=${mode}", uri=True, timeout=20)
${code}
END OF PROGRAM`);
}

/** The session cookie that using a sign-in link up makes. */
function signIn({ machine, host, authority }: Deployed, token: string): Promise<string> {
  const headers = { host, "content-type": "application/x-www-form-urlencoded" };
  const options = { host: machine.address, servername: host, ca: authority, headers, method: "POST", path: "/sign-in" };
  return new Promise((resolve, reject) => {
    const asked = request(options, (response) => {
      const cookie = response.headers["set-cookie"]?.[0]?.split(";")[0];
      if (cookie === undefined) reject(new Error(`Signing in answered ${response.statusCode}.`));
      else resolve(cookie);
      response.resume();
    });
    asked.on("error", reject);
    asked.end(new URLSearchParams({ t: token }).toString());
  });
}
