import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Asker, type Front, askedBy, bootFront, host, startProgram, stopProgram } from "./front.ts";
import { oddRequests } from "./odd-requests.ts";

const MB = 1024 * 1024;
const insiders: readonly Asker[] = ["loopback", "own address"];

describe.each([
  { suite: "bookworm", name: "nginx-12" },
  { suite: "trixie", name: "nginx-13" },
])("nginx on Debian's $suite", ({ suite, name }) => {
  let front: Front;
  const ask: Front["ask"] = (...args) => front.ask(...args);
  const onMachine = (script: string) => front.machine.console(script);

  beforeAll(async () => {
    front = await bootFront(name, suite);
    const play = await front.play();
    if (play.code !== 0) throw new Error(play.output);
  });
  afterAll(() => front?.remove());

  it("speaks HTTP/2 over TLS 1.2 and 1.3 alone, and tells browsers to come by https", async () => {
    const reply = await ask("stranger", "/dashboard", "--http2");
    expect(reply.headers).toMatch(/^http\/2 200/);
    expect(reply.headers).toContain("strict-transport-security: max-age=63072000");
    expect(reply.headers).toMatch(/^server: nginx$/m);
    expect((await ask("stranger", "/", "--tlsv1.3")).status).toBe(200);
    expect((await ask("stranger", "/", "--tls-max", "1.2")).status).toBe(200);
    const old = ["--tlsv1.0", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"];
    expect((await ask("stranger", "/", ...old)).status).toBe(0);
  });

  it("sends people from http to https, and answers the certificate's authority there", async () => {
    const moved = await ask("stranger", `http://${host}/sign-in?link=abc`);
    expect(moved.status).toBe(308);
    expect(moved.headers).toContain(`location: https://${host}/sign-in?link=abc`);
    const challenges = "/var/www/acme/.well-known/acme-challenge";
    await onMachine(`mkdir -p ${challenges}; echo proof >${challenges}/abc`);
    expect((await ask("stranger", `http://${host}/.well-known/acme-challenge/abc`)).body).toBe("proof\n");
  });

  it("answers no other name", async () => {
    const resolve = ["--resolve", `other.example:443:${front.machine.address}`];
    expect((await ask("stranger", `http://${front.machine.address}/`)).status).toBe(0);
    expect((await ask("stranger", "https://other.example/", "--insecure", ...resolve)).status).toBe(0);
    expect((await ask("stranger", `https://${front.machine.address}/`, "--insecure")).status).toBe(0);
    expect((await ask("stranger", "/", "--header", "Host: other.example")).status).toBe(421);
  });

  it("tells the program who asks, whatever the asker says", async () => {
    const lies = ["X-Real-IP: 1.2.3.4", "X-Forwarded-For: 1.2.3.4", "Forwarded: for=1.2.3.4", "X-Forwarded-Host: evil"];
    const reply = await ask("stranger", "/a%2Fb?c=%20d", ...lies.flatMap((lie) => ["--header", lie]));
    const { url, headers } = askedBy(reply);
    expect(url).toBe("/a%2Fb?c=%20d");
    expect(headers).toMatchObject({
      host,
      "x-real-ip": front.machine.address.replace(/\d+$/, "1"),
      connection: "close",
    });
    expect(Object.keys(headers).filter((header) => header.includes("forwarded"))).toEqual([]);
  });

  it("keeps no connection to the program", async () => {
    // All on one connection to nginx, so that one of its workers has them all.
    const resolve = `--resolve ${host}:443:127.0.0.1`;
    const echoes = await onMachine(`curl -s ${resolve} -w '\\n' 'https://${host}/?[1-4]'`);
    const ports = echoes.split("\n").map((body) => askedBy({ body }).port);
    expect(new Set(ports).size).toBe(4);
  });

  it("asks the program when the whole body is there", async () => {
    const before = askedBy(await ask("loopback", "/")).asked;
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ host: front.machine.address, port: 443, servername: host, ca: front.root }, () => {
        socket.end(`POST /half HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 100\r\n\r\nhalf of it`, resolve);
      }).on("error", reject);
    });
    await onMachine("timeout 20 sh -c 'until grep -q /half /var/log/nginx/access.log; do sleep 0.1; done'");
    expect(askedBy(await ask("loopback", "/")).asked).toBe(before + 1);
  });

  it("answers strangers at the webhook with 401, and lets the machine itself in", async () => {
    for (const path of [
      "/webhook/inbound",
      "/webhook/events",
      "//webhook/inbound",
      "/x/../webhook/inbound",
      "/%77ebhook/",
    ]) {
      const stranger = await ask("stranger", path, "--data", "{}");
      expect([path, stranger.status]).toEqual([path, 401]);
      expect(stranger.headers).toContain("www-authenticate: basic");
    }
    for (const insider of insiders) expect((await ask(insider, "/webhook/inbound", "--data", "{}")).status).toBe(200);
    expect((await ask("stranger", "/x\\..\\webhook/inbound", "--data", "{}")).status).toBe(404);
  });

  it("never answers 403 under /webhook/", async () => {
    const outcomes: Record<string, number> = {};
    const askAll = async (asker: Asker, about: string) => {
      for (const [url, ...curl] of oddRequests)
        outcomes[`${about} ${url} ${curl.join(" ")}`] = (await ask(asker, url, ...curl)).status;
    };
    await Promise.all([askAll("stranger", "stranger"), askAll("loopback", "insider")]);
    await stopProgram(front.machine);
    await askAll("loopback", "program is down");
    await startProgram(front.machine);
    expect(Object.entries(outcomes).filter(([, status]) => status === 403)).toEqual([]);
    // They were answered, and by more than one part of it.
    const statuses = [...new Set(Object.values(outcomes))];
    expect(statuses).toEqual(expect.arrayContaining([200, 308, 400, 401, 404, 405, 413, 421, 502, 503]));
  });

  it("takes a mail as large as the program does, and little from people", async () => {
    await onMachine(`truncate --size ${40 * MB} /var/tmp/mail; truncate --size ${40 * MB + 1} /var/tmp/larger`);
    const upload = (path: string, file: string) => ask("loopback", path, "--request", "POST", "--upload-file", file);
    expect(askedBy(await upload("/webhook/inbound", "/var/tmp/mail")).length).toBe(40 * MB);
    expect((await upload("/webhook/inbound", "/var/tmp/larger")).status).toBe(413);
    await onMachine(`truncate --size ${MB} /var/tmp/mail; truncate --size ${MB + 1} /var/tmp/larger`);
    expect((await upload("/settings", "/var/tmp/mail")).status).toBe(200);
    expect((await upload("/settings", "/var/tmp/larger")).status).toBe(413);
  });

  it("slows one address down that asks too much, but never a mail", async () => {
    const flood = async (path: string) => {
      const url = `https://${host}${path}?[1-400]`;
      const all = `curl --no-progress-meter -Z --parallel-max 40 --resolve ${host}:443:${front.machine.address} -o /dev/null -w '%{http_code}\\n' '${url}'`;
      return new Set((await onMachine(all)).split("\n"));
    };
    expect(await flood("/")).toEqual(new Set(["200", "429"]));
    expect((await ask("stranger", "/")).status).toBe(200);
    expect(await flood("/webhook/inbound")).toEqual(new Set(["200"]));
  });

  it("keeps the program's figures to the machine", async () => {
    for (const path of ["/metrics", "//metrics", "/x/../metrics?a", "/%6detrics"])
      expect((await ask("loopback", path)).status).toBe(404);
  });

  it("shows people a calm page while the program is away, and Postmark the bare status", async () => {
    await stopProgram(front.machine);
    const person = await ask("stranger", "/sign-in?link=abc", "--data", "a=b");
    expect(person.status).toBe(502);
    expect(person.body).toContain("Back in a moment");
    expect(person.body).not.toContain("<script");
    expect(person.headers).toContain("strict-transport-security");
    const mail = await ask("loopback", "/webhook/inbound", "--data", "{}");
    expect([mail.status, mail.body.includes("Back in a moment")]).toEqual([502, false]);
    await startProgram(front.machine);
    // The program's own words are left alone.
    expect(askedBy(await ask("stranger", "/", "--header", "x-answer: 503")).url).toBe("/");
    expect((await ask("stranger", "/away.html")).body).not.toContain("Back in a moment");
  });

  it("writes no token into a log, whatever happens", async () => {
    const canary = "canary-4711";
    const seen: number[] = [];
    const visit = async (url: string, ...curl: string[]) =>
      seen.push(
        (await ask("loopback", url, "--header", `Referer: https://${host}/sign-in?link=${canary}`, ...curl)).status,
      );
    const visits: string[][] = [
      [`/sign-in?link=${canary}`],
      [`/sign-in%3Flink=${canary}`],
      [`/sign-in%253Flink=${canary}`],
      [`/sign-in;${canary}`],
      [`http://${host}/sign-in?link=${canary}`],
      [`/sign-in?link=${canary}`, "--header", "x-hang-up: 1"],
      [`/sign-in?link=${canary}`, "--header", "Content-Length: 9999999", "--http1.1"],
      [`/sign-in?link=${canary}`, "--header", "Host: other.example"],
      [`/sign-in?link=${canary}`, "--header", "Host: b@d/"],
      [`/.well-known/acme-challenge/?link=${canary}`],
      [`http://${host}/.well-known/acme-challenge/none?link=${canary}`],
    ];
    for (const [url = "", ...curl] of visits) await visit(url, ...curl);
    // nginx hangs up before it has read all of it, so that its 414 may get lost.
    await ask("loopback", `/sign-in?link=${canary}&${"x".repeat(40_000)}`, "--http1.1");
    await onMachine(
      `curl --no-progress-meter -Z -k --parallel-max 60 --resolve ${host}:443:127.0.0.1 -o /dev/null 'https://${host}/?[1-400]${canary}'`,
    );
    await stopProgram(front.machine);
    await visit(`/sign-in?link=${canary}`, "--data", "a=b");
    await startProgram(front.machine);
    // What nginx calls critical: it can't keep the body that it receives.
    await onMachine("chown root: /var/lib/nginx/body; truncate --size 600K /var/tmp/mail");
    await visit(`/sign-in?link=${canary}`, "--request", "POST", "--upload-file", "/var/tmp/mail");
    await onMachine("chown www-data: /var/lib/nginx/body");
    expect(seen).toEqual([200, 200, 200, 200, 308, 502, 413, 421, 400, 200, 404, 502, 500]);
    const log = await onMachine("cat /var/log/nginx/access.log");
    expect(log).toContain('"GET /sign-in HTTP/2.0" 200');
    expect(log).toMatch(/" 429 /);
    const places = "grep -rl canary-47 /var/log /var/lib/nginx /run/log 2>/dev/null; journalctl -q -g canary-47";
    expect(await onMachine(`${places} || true`)).toBe("");
  });

  it("goes on with a new file when the log is rotated", async () => {
    await onMachine("logrotate --force /etc/logrotate.d/nginx");
    await ask("stranger", "/after-rotation");
    await onMachine("timeout 20 sh -c 'until grep -q after-rotation /var/log/nginx/access.log; do sleep 0.1; done'");
    expect(await onMachine("ls /var/log/nginx")).toContain("access.log.1");
  });

  it("stays as it is when a setting would break it", async () => {
    const broken = await front.play({ tags: "nginx", extraVars: { nginx_burst: -1 } });
    expect(broken.failed).toBe(1);
    expect(broken.output).toContain("invalid burst value");
    await onMachine("nginx -t -q");
    expect((await ask("stranger", "/")).status).toBe(200);
  });

  it("takes up a renewed certificate", async () => {
    const serial = () =>
      onMachine(
        `openssl s_client -connect 127.0.0.1:443 -servername ${host} </dev/null 2>/dev/null | openssl x509 -noout -serial`,
      );
    const old = await serial();
    expect(old).toMatch(/^serial=/);
    await onMachine("certbot renew --force-renewal --no-random-sleep-on-renew");
    const file = await onMachine(`openssl x509 -noout -serial -in /etc/letsencrypt/live/${host}/cert.pem`);
    expect(file).not.toBe(old);
    // nginx takes it up when its new processes listen, after the reload was asked for.
    await expect.poll(serial, { timeout: 10_000, interval: 100 }).toBe(file);
    expect(await onMachine("systemctl is-enabled certbot.timer; systemctl is-active certbot.timer")).toBe(
      "enabled\nactive",
    );
  });

  // What Ansible does itself is the same on both.
  it.runIf(suite === "bookworm")("says what is wrong in the DNS, with the entry to paste", async () => {
    const nowhere = await front.play({ tags: "certificate", extraVars: { public_host: "new.example.com" } });
    expect(nowhere.failed).toBe(1);
    expect(nowhere.output).toContain(`new.example.com points to nowhere; it must point to ${front.machine.address}`);
    expect(nowhere.output).toContain(`new.example.com. 300 IN A ${front.machine.address}`);
    await onMachine("echo '192.0.2.1 new.example.com' >>/etc/hosts; echo '2001:db8::1 new.example.com' >>/etc/hosts");
    const elsewhere = await front.play({ tags: "certificate", extraVars: { public_host: "new.example.com" } });
    expect(elsewhere.output).toMatch(
      /new\.example\.com points to (192\.0\.2\.1 and 2001:db8::1|2001:db8::1 and 192\.0\.2\.1);/,
    );
  });

  it.runIf(suite === "bookworm")(
    "fails with the authority's reason when it gives no certificate, and serves on",
    async () => {
      const play = await front.play({
        tags: "certificate",
        extraVars: { public_host: "no.example.com", dns_check: false },
      });
      expect(play.failed).toBe(1);
      expect(play.output).toContain("gave no certificate for no.example.com. certbot says:");
      expect(play.output).toMatch(/Detail: .*no\.example\.com/);
      expect((await ask("stranger", "/")).status).toBe(200);
    },
  );

  it("serves again after a reboot", async () => {
    await front.machine.reboot();
    expect((await ask("stranger", "/")).status).toBe(502);
  });
});
