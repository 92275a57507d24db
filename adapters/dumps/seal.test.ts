import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setImmediate as nextTurn } from "node:timers/promises";
import { zstdDecompressSync } from "node:zlib";

import { Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { expect, it } from "vitest";

import { encryptFor } from "./age-payload.ts";
import { seal, unseal } from "./seal.ts";

const person = async () => {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
};
const [ann, bob, eve] = [await person(), await person(), await person()];

/** Much of it does not compress, so that it fills several of age's chunks of 64 KiB. */
const PLAIN = Buffer.concat([
  Buffer.alloc(100_000, "a"),
  crypto.getRandomValues(new Uint8Array(60_000)),
  Buffer.alloc(9),
]);
const LARGE = Buffer.concat(Array.from({ length: 5 }, () => crypto.getRandomValues(new Uint8Array(60_000))));

const sealedOf = async (plain: Uint8Array, recipients = [ann.recipient, bob.recipient]) =>
  buffer(await seal(Readable.from([plain]), recipients));
const opened = async (sealed: Uint8Array, identity = ann.identity) =>
  buffer(await unseal(Readable.from([sealed]), [identity]));

it("opens to each of those it was sealed for", async () => {
  const sealed = await sealedOf(PLAIN);
  for (const { identity } of [ann, bob]) expect((await opened(sealed, identity)).equals(PLAIN)).toBe(true);
  expect(sealed.length).toBeLessThan(PLAIN.length - 90_000);
});

it("is what age's own tools read: its header in the clear, inside it one zstd frame", async () => {
  const sealed = await sealedOf(PLAIN);
  const header = sealed.subarray(0, sealed.indexOf("\n---") + 1).toString("latin1");
  expect(header).toMatch(/^age-encryption\.org\/v1\n(-> X25519 [\w+/]{43}\n[\w+/]{43}\n){2}$/);
  const decrypter = new Decrypter();
  decrypter.addIdentity(bob.identity);
  expect(zstdDecompressSync(await decrypter.decrypt(sealed)).equals(PLAIN)).toBe(true);
});

it.each([0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])(
  "fills age's chunks as it should with %s bytes",
  async (length) => {
    const bytes = randomBytes(length);
    const sealed = await buffer((await encryptFor([ann.recipient]))(Readable.from(length === 0 ? [] : [bytes])));
    const decrypter = new Decrypter();
    decrypter.addIdentity(ann.identity);
    expect(bytes.equals(await decrypter.decrypt(sealed))).toBe(true);
  },
);

it("seals nothing, too", async () => {
  expect(await opened(await sealedOf(Buffer.alloc(0)))).toHaveLength(0);
});

it("opens to nobody else", async () => {
  const sealed = await sealedOf(PLAIN);
  await expect(opened(sealed, eve.identity)).rejects.toMatchObject({ name: "SealError", why: "wrong identity" });
});

it("refuses what lacks its end, wherever it was cut", async () => {
  const sealed = await sealedOf(LARGE);
  const header = sealed.indexOf("\n---") + 48;
  // On the edge of a chunk every piece by itself is right.
  for (const length of [
    0,
    10,
    header - 1,
    header + 8,
    header + 16 + 65_552,
    header + 16 + 2 * 65_552,
    sealed.length - 1,
  ])
    await expect(opened(sealed.subarray(0, length)), `${length}`).rejects.toMatchObject({ why: "damaged" });
});

it("refuses what goes on after its end", async () => {
  const sealed = await sealedOf(LARGE);
  for (const more of [Buffer.alloc(1), sealed])
    await expect(opened(Buffer.concat([sealed, more]))).rejects.toMatchObject({ why: "damaged" });
});

it("gives out no byte that differs when one was changed", async () => {
  const sealed = await sealedOf(LARGE);
  const body = sealed.indexOf("\n---") + 48;
  for (const place of [0, 30, body - 10, body, body + 20, body + 70_000, sealed.length - 1]) {
    const changed = Buffer.from(sealed);
    changed[place] = (changed[place] ?? 0) ^ 1;
    const given: Uint8Array[] = [];
    const reading = async () => {
      for await (const piece of await unseal(Readable.from([changed]), [ann.identity])) given.push(piece);
    };
    await expect(reading(), `${place}`).rejects.toMatchObject({ name: "SealError" });
    const bytes = Buffer.concat(given);
    expect(bytes.equals(LARGE.subarray(0, bytes.length))).toBe(true);
  }
});

it("tells a connection that broke from a damaged dump", async () => {
  const sealed = await sealedOf(LARGE);
  async function* broken() {
    yield sealed.subarray(0, 100_000);
    throw new Error("the connection broke");
  }
  const opening = async () => buffer(await unseal(Readable.from(broken()), [ann.identity]));
  await expect(opening()).rejects.toThrow("the connection broke");
  async function* unreadable() {
    yield LARGE;
    throw new Error("the disk broke");
  }
  await expect(buffer(await seal(Readable.from(unreadable()), [ann.recipient]))).rejects.toThrow("the disk broke");
});

it("reads no further ahead than its reader takes", async () => {
  let read = 0;
  const endless = new Readable({
    read() {
      read += 60_000;
      // What repeats would be compressed to nothing.
      this.push(crypto.getRandomValues(new Uint8Array(60_000)));
    },
  });
  const sealed = await seal(endless, [ann.recipient]);
  sealed.read(0);
  await once(sealed, "readable");
  for (let turn = 0; turn < 2_000; turn += 1) await nextTurn();
  expect(read).toBeLessThan(3_000_000);
  sealed.destroy();
});

it("refuses a recipient or an identity that is none", async () => {
  await expect(seal(Readable.from([PLAIN]), [`${ann.recipient.slice(0, -1)}b`])).rejects.toThrow(/checksum|letter/i);
  await expect(unseal(Readable.from([PLAIN]), ["my-key"])).rejects.toThrow("unrecognized identity type");
});
