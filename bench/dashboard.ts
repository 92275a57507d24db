import { getsPerSecond } from "./load.ts";
import { median } from "./median.ts";
import { start, type Prepared } from "./processes.ts";
import { mailTo } from "../test/fixture-mails.ts";
import { CREDENTIAL } from "../test/fake-app.ts";
import type { Row } from "./row.ts";

const ROUNDS = 5;
const SECONDS = 2;
const PURCHASES = 40;

/** The dashboard of an account with 40 purchases on its chosen day, against a bare server that answers a word. */
export async function dashboardRows(prepared: Prepared): Promise<Row[]> {
  const bare = await start("bare", prepared);
  const program = await start("program", prepared);
  try {
    const cookie = await signIn(program.url, prepared.loginLink);
    const day = await fillDay(program.url, prepared.alertAddress, cookie);
    const rounds: { bare: number; program: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push({
        bare: await getsPerSecond(`${bare.url}/up`, "", 16, SECONDS),
        program: await getsPerSecond(`${program.url}/day/${day}`, cookie, 16, SECONDS),
      });
      console.error(`dashboard, round ${round + 1} of ${ROUNDS}`);
    }
    return [
      {
        what: `dashboard with ${PURCHASES} purchases, 16 connections`,
        figures: `${Math.round(median(rounds.map((row) => row.program)))}/s of ${Math.round(median(rounds.map((row) => row.bare)))}/s`,
        ratio: median(rounds.map((row) => row.program / row.bare)).toFixed(3),
        target: "",
      },
    ];
  } finally {
    await program.stop();
    await bare.stop();
  }
}

/** The link was made for another base address; only its token matters. */
async function signIn(url: string, link: string): Promise<string> {
  const t = new URL(link).searchParams.get("t") ?? "";
  const response = await fetch(`${url}/sign-in`, {
    method: "POST",
    body: new URLSearchParams({ t }),
    redirect: "manual",
  });
  const cookie = response.headers.getSetCookie()[0]?.split(";")[0];
  if (cookie === undefined) throw new Error(`Signing in answered ${response.status}`);
  return cookie;
}

async function fillDay(url: string, recipient: string, cookie: string): Promise<string> {
  for (let index = 0; index < PURCHASES; index += 1) {
    const mail = mailTo(recipient, "chase/fixtures/card-2021", {
      Headers: [{ Name: "Message-ID", Value: `<bench-${index}@example.com>` }, ...TRUSTED],
    });
    const response = await fetch(`${url}/webhook/inbound`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(CREDENTIAL).toString("base64")}` },
      body: JSON.stringify(mail),
    });
    if (response.status !== 200) throw new Error(`The webhook answered ${response.status}`);
  }
  const path = "2022-06-05";
  for (let tries = 0; tries < 100; tries += 1) {
    const page = await (await fetch(`${url}/day/${path}`, { headers: { cookie } })).text();
    if (page.split("ANMOL").length > PURCHASES) return path;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The purchases did not appear");
}

/** What Postmark writes above a mail whose author's domain signed it. */
const TRUSTED = [
  { Name: "X-Spam-Tests", Value: "DKIM_SIGNED,DKIM_VALID,DKIM_VALID_AU" },
  {
    Name: "Received",
    Value:
      "from mail.example.com (mail.example.com [192.0.2.9]) by p-pm-inbound01.inbound.postmarkapp.com (Postfix) with ESMTPS",
  },
];
