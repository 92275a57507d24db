import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { createTransport } from "nodemailer";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { launchBrowser } from "./browser.ts";
import { buildProgram, dataFolder, endProgram, startProgram, type Program } from "./program.ts";

const REAL_MAIL = new URL("./mails/chase-card-2022.eml", import.meta.url).pathname;
const PICTURES = join(new URL("..", import.meta.url).pathname, process.env["PICTURES"] ?? ".cache/pictures");

describe("from a bank's mail to a purchase, in the built program and a browser without JavaScript", () => {
  const data = dataFolder();
  let program: Program;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    buildProgram();
    mkdirSync(PICTURES, { recursive: true });
    program = await startProgram(data.path);
    browser = await launchBrowser();
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1200, height: 900 } });
    page = await context.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    if (program !== undefined) await endProgram(program, "SIGKILL");
    data.remove();
  });

  it("signs up with nothing but an address, and in with the link from the letter", async () => {
    await page.goto(program.url);
    await page.getByLabel("Your e-mail address").fill("jane@example.com");
    await page.getByRole("button", { name: "Mail me a link" }).click();
    await page.goto(await linkFor("jane@example.com"));
    expect(await page.context().cookies()).toEqual([]);
    await page.getByRole("button").click();
    expect(new URL(page.url()).pathname).toBe("/dashboard");
    expect(await page.context().cookies()).toMatchObject([{ name: "session", httpOnly: true, sameSite: "Lax" }]);
  });

  it("shows the real Chase mail, which came by SMTP, as a purchase on its day", async () => {
    await page.goto(`${program.url}/connect`);
    const address = /alerts\+[a-z2-7]+@[a-z.]+/.exec(await page.content())?.[0] ?? "";
    const smtp = createTransport({ host: "127.0.0.1", port: program.smtpPort, ignoreTLS: true });
    const sent = await smtp.sendMail({
      envelope: { from: "jane+caf_=x@example.com", to: address },
      raw: { path: REAL_MAIL },
    });
    expect(sent.accepted).toEqual([address]);
    const day = await textOnceItHas("/day/2022-06-05", "Anmol Indian Restaur");
    expect(day).toContain("$63.83");
    expect(day).toContain("16:44");
    await page.getByRole("link", { name: "Anmol Indian Restaur" }).click();
    expect(new URL(page.url()).pathname).toMatch(/^\/purchases\/[a-z2-7]+$/);
    const purchase = await page.locator("main").innerText();
    expect(purchase).toContain("5 June 2022, 16:44 New York");
    expect(purchase).toContain("You made a $63.83 transaction");
    expect(await page.locator("mark").allInnerTexts()).toContain("ANMOL INDIAN RESTAUR");
  });

  it("changes the purchase and takes the change back", async () => {
    await save("Anmol", "60.00");
    expect(await page.getByRole("status").innerText()).toContain("Saved.");
    expect(await page.locator("h1").innerText()).toBe("Anmol");
    await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
    expect(await page.locator("h1").innerText()).toBe("Anmol Indian Restaur");
    expect(await page.locator("main").innerText()).toContain("$63.83");
  });

  it("finds all of it again after the process was killed", async () => {
    await save("Anmol, with Joe", "31.92");
    const before = await page.locator("main ol").innerText();
    const path = new URL(page.url()).pathname;
    await endProgram(program, "SIGKILL");
    program = await startProgram(data.path, { PORT: new URL(program.url).port });
    await page.goto(`${program.url}${path}`);
    expect(await page.locator("h1").innerText()).toBe("Anmol, with Joe");
    expect(await page.locator("main").innerText()).toContain("$31.92");
    expect(await page.locator("main ol").innerText()).toBe(before);
    expect(await textOnceItHas("/day/2022-06-05", "Anmol, with Joe")).toContain("$31.92");
  });

  it("proves the pipe with a sample alert that is in no total", async () => {
    await page.goto(`${program.url}/connect`);
    await page.getByRole("button", { name: "Send me a sample alert" }).click();
    await textOnceItHas("/connect", "Your sample alert arrived");
    expect(await textOnceItHas("/dashboard", "Sample")).toMatch(/Sample, in no total/);
    await page.goto(`${program.url}/connect`);
    await page.getByRole("button", { name: "Remove the sample" }).click();
    expect(await page.getByRole("status").innerText()).toContain("Removed.");
  });

  it("shows three months of a demonstration account behind the printed link", async () => {
    const visitor = await (await browser.newContext({ viewport: { width: 1200, height: 620 } })).newPage();
    await visitor.goto(program.demoLink);
    await visitor.getByRole("button").click();
    await expect.poll(() => visitor.reload().then(() => visitor.locator("main").innerText()), POLL).toContain("$");
    await visitor.goto(`${program.url}/purchases`);
    await visitor.locator("main a[href^='/day/']").first().click();
    expect(await visitor.locator("svg[role=img]").count()).toBe(1);
    expect(await visitor.locator("main").innerText()).toContain("Together");
    await visitor.screenshot({ path: join(PICTURES, "dashboard.png") });
  });

  it("tells its own machine how it is doing", async () => {
    const health = await fetch(`${program.url}/health`);
    expect(await health.json()).toMatchObject({ ok: true, serving: { reason: null }, warnings: { lastMail: {} } });
    const measured = await (await fetch(`${program.url}/metrics`)).text();
    expect(measured).toMatch(/^wtmm_http_requests_total\{method="GET",route="\/purchases",status="200"\} [1-9]/m);
    expect(measured).toMatch(/^wtmm_mails_total\{outcome="booked"\} [1-9]/m);
    expect(measured).toMatch(/^wtmm_letters_total\{result="sent"\} [1-9]/m);
    expect(measured).not.toMatch(/jane@|anmol/i);
  });

  it("stops on SIGTERM with everything written back", async () => {
    expect(await endProgram(program, "SIGTERM")).toBe(0);
  });

  const POLL = { timeout: 20_000, interval: 200 };

  async function linkFor(address: string): Promise<string> {
    let link: string | undefined;
    await expect
      .poll(async () => {
        const response = await fetch(`${program.url}/dev/mail.json`);
        const letters = (await response.json()) as { to: string; text: string }[];
        link = /http:\S+\/sign-in\?t=\S+/.exec(letters.find(({ to }) => to === address)?.text ?? "")?.[0];
        return link;
      }, POLL)
      .toBeDefined();
    return link ?? "";
  }

  async function textOnceItHas(path: string, words: string): Promise<string> {
    const text = async (): Promise<string> => {
      await page.goto(`${program.url}${path}`);
      return page.locator("main").innerText();
    };
    await expect.poll(text, POLL).toContain(words);
    return page.locator("main").innerText();
  }

  async function save(merchant: string, amount: string): Promise<void> {
    await page.getByLabel("Merchant").fill(merchant);
    await page.getByLabel(/^Amount/).fill(amount);
    await page.getByRole("button", { name: "Save" }).click();
  }
});
