import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { build } from "esbuild";
import { expect, it, onTestFinished } from "vitest";

import { checkSignatures } from "../access/dkim.ts";
import { CHASE, mailTo } from "./fixture-mails.ts";
import { bankZone, signedMail } from "./sign-mail.ts";

const AT = Temporal.Instant.from("2026-11-20T17:00:00Z");

// A CommonJS module that is loaded on first use has other exports in a bundle than in the sources.
it("verifies signatures when bundled as it does in the sources", async () => {
  const outdir = mkdtempSync(join(tmpdir(), "wtmm-bundle-"));
  onTestFinished(() => rmSync(outdir, { recursive: true, force: true }));
  await build({
    entryPoints: [join(import.meta.dirname, "../access/dkim.ts")],
    outdir,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
    outExtension: { ".js": ".mjs" },
    banner: { js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);` },
  });
  const bundled: { checkSignatures: typeof checkSignatures } = await import(
    pathToFileURL(join(outdir, "dkim.mjs")).href
  );
  const { RawEmail } = await signedMail(mailTo("alerts@example.com", CHASE), { to: "jane@example.com", at: AT });
  const mail = Buffer.from(String(RawEmail));
  const asked = { resolveTxt: bankZone, at: AT, sender: "no.reply.alerts@chase.com" };
  const found = await checkSignatures(mail, asked);
  expect(found).toMatchObject({ state: "valid", signatures: [{ domain: "chase.com" }] });
  expect(await bundled.checkSignatures(mail, asked)).toEqual(found);
});
