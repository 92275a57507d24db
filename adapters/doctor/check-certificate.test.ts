import { once } from "node:events";
import { createServer as createPlainServer, type AddressInfo, type Server } from "node:net";
import { createServer } from "node:tls";

import { describe, expect, it, onTestFinished } from "vitest";

import { certificateFor } from "../../test/certificate.ts";
import { serviceConfig } from "../../test/service-config.ts";
import { checkCertificate } from "./check-certificate.ts";

const stop = new AbortController().signal;
const certificate = certificateFor(["localhost"]);
/** What stands in the certificate. */
const END = Date.parse("9999-12-31T23:59:59Z");
const DAY_MS = 24 * 60 * 60_000;

async function portOf(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function found(host: string, { daysLeft = 1000, authority = certificate.cert, port = 0 } = {}) {
  const served = port === 0 ? await portOf(createServer(certificate, (socket) => socket.end())) : port;
  const check = checkCertificate({ now: () => END - daysLeft * DAY_MS, authority });
  return check.look(serviceConfig({ PUBLIC_URL: `https://${host}:${served}` }), stop);
}

describe("the certificate", () => {
  it.each([
    [1000, "green", "The certificate of localhost is good until 9999-12-31, 1000 days."],
    [21, "green", "21 days."],
    [20.9, "yellow", "20 days only."],
    [7, "yellow", "7 days only."],
    [6.9, "red", "6 days only."],
    [-0.1, "red", "The certificate of localhost was good until 9999-12-31."],
  ])("with %d days left is %s", async (daysLeft, state, says) => {
    const [finding] = await found("localhost", { daysLeft });
    expect(finding).toMatchObject({ check: "certificate", state, says: expect.stringContaining(says) });
  });

  it("of another name is red", async () => {
    const [finding] = await found("127.0.0.1");
    expect(finding).toMatchObject({ state: "red", says: expect.stringContaining("ERR_TLS_CERT_ALTNAME_INVALID") });
  });

  it("that nobody vouches for is red", async () => {
    const [finding] = await found("localhost", { authority: "" });
    expect(finding).toMatchObject({ state: "red", says: expect.stringContaining("DEPTH_ZERO_SELF_SIGNED_CERT") });
  });

  it("is missing where nothing listens, and where nothing is encrypted", async () => {
    const plain = await portOf(createPlainServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));
    const gone = createPlainServer();
    const port = await portOf(gone);
    await new Promise((resolve) => gone.close(resolve));
    for (const each of [plain, port]) {
      const [finding] = await found("localhost", { port: each });
      expect(finding).toMatchObject({
        state: "red",
        says: expect.stringContaining(`Nothing encrypted answers at localhost, port ${each}: `),
        fix: expect.stringContaining("systemctl status nginx"),
      });
    }
  });

  it("is what an unencrypted PUBLIC_URL lacks", async () => {
    const config = serviceConfig({ PUBLIC_URL: "http://wtmm.example.com" });
    expect(await checkCertificate().look(config, stop)).toMatchObject([{ state: "red" }]);
  });
});
