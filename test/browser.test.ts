import { describe, expect, it } from "vitest";
import { type BrowserProgram, findBrowser, installedBrowser, launchBrowser, unpackedBrowser } from "./browser.ts";

describe("installedBrowser", () => {
  const everywhere = () => true;
  const only = (path: string) => (candidate: string) => candidate === path;

  it("takes the browser that CHROMIUM names before any other", () => {
    expect(installedBrowser({ CHROMIUM: "/opt/mine" }, "linux", everywhere)).toBe("/opt/mine");
  });

  it("refuses a CHROMIUM that is not there instead of taking another", () => {
    expect(() => installedBrowser({ CHROMIUM: "/opt/gone" }, "linux", only("/usr/bin/chromium"))).toThrow(
      "CHROMIUM is set to /opt/gone, where there is nothing: correct it, or unset it.",
    );
  });

  it("prefers Debian's Chromium to Chrome, and Chrome to Edge", () => {
    expect(installedBrowser({}, "linux", everywhere)).toBe("/usr/bin/chromium");
    expect(installedBrowser({ CHROMIUM: "" }, "linux", everywhere)).toBe("/usr/bin/chromium");
    const withoutChromium = (path: string) => !path.includes("chromium");
    expect(installedBrowser({}, "linux", withoutChromium)).toBe("/usr/bin/google-chrome-stable");
    expect(installedBrowser({}, "linux", only("/usr/bin/microsoft-edge"))).toBe("/usr/bin/microsoft-edge");
  });

  it("knows where a Mac keeps its browsers", () => {
    expect(installedBrowser({}, "darwin", everywhere)).toBe(
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    );
  });

  it("finds none where none is installed", () => {
    expect(installedBrowser({}, "linux", () => false)).toBeUndefined();
    expect(installedBrowser({}, "win32", everywhere)).toBeUndefined();
  });
});

describe("launchBrowser", () => {
  it("shows a page in the browser that this machine has", async () => {
    expect(await headingShownBy(await findBrowser())).toBe("Café €5");
  });

  it.runIf(process.platform === "linux" && process.arch === "x64")(
    "shows a page in the headless build from npm",
    async () => {
      expect(await headingShownBy(await unpackedBrowser())).toBe("Café €5");
    },
  );
});

/** Drawn as well as read, so that a missing font or library shows. */
async function headingShownBy(program: BrowserProgram): Promise<string> {
  const browser = await launchBrowser(program);
  try {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.setContent("<h1 style='display: inline'>Café €5</h1>");
    const box = await page.locator("h1").boundingBox();
    expect(box?.width).toBeGreaterThan(50);
    expect((await page.screenshot()).length).toBeGreaterThan(1000);
    return await page.locator("h1").innerText();
  } finally {
    await browser.close();
  }
}
