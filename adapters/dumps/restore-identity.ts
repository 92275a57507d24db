import { readFileSync } from "node:fs";

import { armor, Decrypter } from "age-encryption";

import { AppError } from "../../errors.ts";

/** Asks whoever sits at the terminal for something that is not shown; null where nobody does. */
export type AskSecret = ((question: string) => Promise<string>) | null;

const ARMORED = "-----BEGIN AGE ENCRYPTED FILE-----";
const BINARY = "age-encryption.org/v1";
const IDENTITY = /^AGE-SECRET-KEY-(PQ-)?1[0-9A-Z]+$/;

/**
 * The identities that open dumps: those of the file, else the one that is typed. A file that age's own tool protected with a
 * passphrase (`age --passphrase`) is opened with the one that is typed.
 *
 * @param path DUMP_IDENTITY_FILE
 * @returns one or more, `AGE-SECRET-KEY-1…`
 * @throws AppError saying what is needed when there is none, or what is given is none
 */
export async function restoreIdentity(path: string | null, ask: AskSecret): Promise<readonly string[]> {
  if (path !== null) return identitiesOf(await openedText(readIdentityFile(path), path, ask), path);
  if (ask === null) {
    throw new AppError(
      "invalid",
      "Dumps are sealed. Name the file with their key in DUMP_IDENTITY_FILE, or run this on a terminal, which asks for it.",
    );
  }
  return identitiesOf(await ask("The dumps' key (AGE-SECRET-KEY-1…, it is not shown): "), "What you typed");
}

function readIdentityFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new AppError("invalid", `DUMP_IDENTITY_FILE names ${path}, which can't be read.`, { cause: error });
  }
}

async function openedText(bytes: Buffer, path: string, ask: AskSecret): Promise<string> {
  const isArmored = bytes.toString("latin1").trimStart().startsWith(ARMORED);
  if (!isArmored && !bytes.toString("latin1").startsWith(BINARY)) return bytes.toString("utf8");
  if (ask === null) {
    throw new AppError("invalid", `${path} is protected by a passphrase: run this on a terminal, which asks for it.`);
  }
  const decrypter = new Decrypter();
  decrypter.addPassphrase(await ask(`The passphrase of ${path} (it is not shown): `));
  try {
    return await decrypter.decrypt(isArmored ? armor.decode(bytes.toString("latin1")) : new Uint8Array(bytes), "text");
  } catch (error) {
    throw new AppError("invalid", `That is not the passphrase of ${path}.`, { cause: error });
  }
}

/** Neither the text nor an error that repeats it is ever shown: it may be a key with a slip in it. */
function identitiesOf(text: string, from: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  const identities = lines.filter((line) => line !== "" && !line.startsWith("#"));
  if (identities.some((line) => line.startsWith("age1"))) {
    throw new AppError("invalid", `${from} is the recipient, which only seals. Its key begins with AGE-SECRET-KEY-1.`);
  }
  if (identities.length === 0 || !identities.every(isIdentity)) {
    throw new AppError("invalid", `${from} is no key of age, or not a whole one. One begins with AGE-SECRET-KEY-1.`);
  }
  return identities;
}

function isIdentity(line: string): boolean {
  if (!IDENTITY.test(line)) return false;
  try {
    new Decrypter().addIdentity(line);
    return true;
  } catch {
    return false;
  }
}
