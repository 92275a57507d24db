import { once } from "node:events";
import { connect } from "node:net";

import { canary } from "./canaries.ts";

/** Sends a mail by SMTP, and another one in the middle of which the client goes away. */
export async function sendBySmtp(port: number, recipient: string): Promise<void> {
  const words = [`EHLO ${canary("client")}`, `MAIL FROM:<${canary("smtp")}@example.com>`];
  const mail = [...words, `RCPT TO:<${recipient}>`, "DATA"];
  const whole = await speak(port, [...mail, `Subject: ${canary("subject")}\r\n\r\n${canary("body")}\r\n.`]);
  whole.destroy();
  const half = await speak(port, mail);
  half.write(`Subject: ${canary("subject")}`);
  half.resetAndDestroy();
}

async function speak(port: number, lines: readonly string[]) {
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  await once(socket, "data");
  for (const line of lines) {
    socket.write(`${line}\r\n`);
    await once(socket, "data");
  }
  return socket;
}
