import axe, { type AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { icon } from "../handlers/pages/icon.ts";
import { style } from "../handlers/pages/style.ts";
import { launchBrowser } from "./browser.ts";
import { everyPage } from "./page-views.ts";

const pages = everyPage();
const policy =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1200, height: 800 };
/** The narrowest phone, and a phone with everything twice as large. */
const NARROW = [320, 195];

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await launchBrowser();
  page = await browser.newPage({ colorScheme: "light", reducedMotion: "reduce", viewport: PHONE });
  // Under the same Content-Security-Policy as in service.
  await page.route("**/*", (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === "/style.css") return route.fulfill({ contentType: "text/css", body: style });
    if (path === "/icon.svg") return route.fulfill({ contentType: "image/svg+xml", body: icon });
    const headers = { "content-security-policy": policy };
    return route.fulfill({ contentType: "text/html; charset=utf-8", headers, body: pages[path.slice(1)] ?? "" });
  });
}, 60_000);
afterAll(() => browser.close());

/** What a person sees there. Loading and handing axe over take longest, so each page is looked at in every way at once. */
it.each(Object.keys(pages))(
  "%s has nothing that axe objects to on a phone, nor in the dark on a desk, and is never moved sideways",
  async (name) => {
    await page.setViewportSize(PHONE);
    await page.emulateMedia({ colorScheme: "light" });
    await show(name);
    await page.evaluate(axe.source);
    expect.soft(await axeObjections()).toEqual([]);
    await page.setViewportSize(DESK);
    await page.emulateMedia({ colorScheme: "dark" });
    expect.soft(await axeObjections(["color-contrast", "target-size"])).toEqual([]);
    for (const width of NARROW) {
      await page.setViewportSize({ width, height: 700 });
      expect.soft(await page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    }
  },
);

describe("the dashboard on a phone", () => {
  it("leads a keyboard past the navigation, and through the days of a chart", async () => {
    await page.setViewportSize(PHONE);
    await show("dashboard");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    expect(await focused.getAttribute("aria-label")).toBe("Sat 7 Nov, $14.25, 1 purchase");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/day/2026-11-07");
  });
});

function show(name: string) {
  return page.goto(`http://pages.example/${name}`);
}

async function axeObjections(rules: readonly string[] = []): Promise<string[]> {
  const options = { resultTypes: ["violations"], ...(rules.length === 0 ? {} : { runOnly: rules }) };
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}
