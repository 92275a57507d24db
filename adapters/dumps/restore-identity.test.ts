import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { armor, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { describe, expect, it, onTestFinished } from "vitest";

import { restoreIdentity } from "./restore-identity.ts";

/** A file with that in it. */
function fileWith(content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "wtmm-keys-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "dumps.key"), content);
  return join(folder, "dumps.key");
}

async function sealed(text: string, passphrase: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(4);
  return encrypter.encrypt(text);
}

describe("the key of dumps", () => {
  it("is every one that its file holds, beside the notes that age's tool makes", async () => {
    const [one, two] = [await generateX25519Identity(), await generateX25519Identity()];
    expect(await restoreIdentity(fileWith(`# created: today\n${one}\r\n\n${two}\n`), null)).toEqual([one, two]);
  });

  it("is the one that is typed where there is no file", async () => {
    const typed = await generateX25519Identity();
    expect(await restoreIdentity(null, async () => typed)).toEqual([typed]);
  });

  it("may be protected by a passphrase, in either form that age's tool writes", async () => {
    const identity = await generateX25519Identity();
    const bytes = await sealed(`# mine\n${identity}\n`, "four random words here");
    for (const content of [bytes, `\n${armor.encode(bytes)}`]) {
      const path = fileWith(content);
      expect(await restoreIdentity(path, async () => "four random words here")).toEqual([identity]);
      await expect(restoreIdentity(path, async () => "four random words")).rejects.toThrow(
        /^That is not the passphrase/,
      );
      await expect(restoreIdentity(path, null)).rejects.toThrow(/is protected by a passphrase: run this on a terminal/);
    }
  });

  it("is asked for in a sentence where there is neither a file nor a terminal", async () => {
    await expect(restoreIdentity(null, null)).rejects.toThrow(/Name the file with their key in DUMP_IDENTITY_FILE/);
    await expect(restoreIdentity("/nowhere/dumps.key", null)).rejects.toThrow(
      /names \/nowhere\/dumps.key, which can't/,
    );
  });

  it("is refused when it is none, and never repeated", async () => {
    const identity = await generateX25519Identity();
    const recipient = await identityToRecipient(identity);
    await expect(restoreIdentity(fileWith(recipient), null)).rejects.toThrow(/is the recipient, which only seals/);
    const slip = `${identity.slice(0, -1)}${identity.endsWith("Q") ? "P" : "Q"}`;
    for (const wrong of [
      "",
      "# only a note",
      slip,
      identity.slice(0, 40),
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl",
    ]) {
      const refused = restoreIdentity(null, async () => wrong);
      await expect(refused).rejects.toThrow("What you typed is no key of age, or not a whole one. One begins");
    }
    const refusal = await restoreIdentity(null, async () => slip).catch(String);
    expect(refusal).not.toContain(slip.slice(20, 40));
  });
});
