import axe, { type AxeResults } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { icon } from "../handlers/pages/icon.ts";
import { style } from "../handlers/pages/style.ts";
import { launchBrowser } from "./browser.ts";
import { everyPage } from "./page-views.ts";

const pages = everyPage();
const names = Object.keys(pages);
const policy =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterAll(() => browser.close());

/** Makes `page` show our pages, under the same Content-Security-Policy as in service. */
function showPages(options: BrowserContextOptions): void {
  beforeAll(async () => {
    page = await browser.newPage(options);
    await page.route("**/*", (route) => {
      const path = new URL(route.request().url()).pathname;
      if (path === "/style.css") return route.fulfill({ contentType: "text/css", body: style });
      if (path === "/icon.svg") return route.fulfill({ contentType: "image/svg+xml", body: icon });
      const headers = { "content-security-policy": policy };
      return route.fulfill({ contentType: "text/html; charset=utf-8", headers, body: pages[path.slice(1)] ?? "" });
    });
  });
  afterAll(() => page.close());
}

const show = (name: string) => page.goto(`http://pages.example/${name}`);

async function axeObjections(rules: readonly string[] = []): Promise<string[]> {
  const options = rules.length === 0 ? {} : { runOnly: rules };
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}

describe("on a phone, in light colours", () => {
  showPages({ colorScheme: "light", viewport: { width: 390, height: 844 } });

  it.each(names)("%s has nothing that axe objects to", async (name) => {
    await show(name);
    expect(await axeObjections()).toEqual([]);
  });

  it("leads a keyboard past the navigation, and through the days of a chart", async () => {
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

describe("on a desk, in dark colours", () => {
  showPages({ colorScheme: "dark", viewport: { width: 1200, height: 800 } });

  it.each(names)("%s keeps its contrast and its targets large", async (name) => {
    await show(name);
    expect(await axeObjections(["color-contrast", "target-size"])).toEqual([]);
  });
});

describe.each([
  ["the narrowest phone", 320],
  ["a phone with everything twice as large", 195],
])("on %s", (_device, width) => {
  showPages({ viewport: { width, height: 700 } });

  it.each(names)("%s never has to be moved sideways", async (name) => {
    await show(name);
    expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
  });
});
