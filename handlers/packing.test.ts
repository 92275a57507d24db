import fc from "fast-check";
import { expect, it } from "vitest";

import { bodyOf, deliverMail } from "../test/deliver-mail.ts";
import { fakeApp, signedIn } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { delivery } from "../test/requests.ts";
import { isPacked, packed, packedNow, unpacked } from "./packing.ts";
import { webhook } from "./webhook.ts";

const MB = 1024 * 1024;

it("gives any body back byte for byte", async () => {
  const magic = fc.constant(Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd]));
  const brace = fc.constant(Uint8Array.from([0x7b]));
  const bodies = fc
    .tuple(fc.oneof(magic, brace, fc.uint8Array()), fc.uint8Array({ maxLength: 40_000 }))
    .map(([start, rest]) => Buffer.concat([start, rest]));
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      expect(Buffer.compare(unpacked(await packed(body), MB), body)).toBe(0);
    }),
  );
});

it("compresses a mail of the usual size before it is kept, and a small one not yet", async () => {
  const body = Buffer.from(JSON.stringify(mailTo("alerts@wtmm.example.com", CHASE)));
  expect((await packed(body)).byteLength).toBeLessThan(body.byteLength / 3);
  const small = Buffer.from('{"MessageID":"small"}');
  expect(await packed(small)).toBe(small);
});

it("refuses what would unpack to more than it may", () => {
  expect(() => unpacked(packedNow(Buffer.alloc(2 * MB)), MB)).toThrow(RangeError);
});

it("compresses a small mail once it is understood, and it stays the same mail", async () => {
  const app = await fakeApp();
  const jane = await signedIn(app, "jane@example.com");
  const payload = mailTo(jane.alertAddress, "chase/fixtures/card-2018", { RawEmail: undefined });
  await webhook(delivery(payload), app);
  const id = String(payload["MessageID"]);
  const kept = (await app.store.payload(id)) ?? Buffer.alloc(0);
  expect(isPacked(kept)).toBe(false);
  expect(await deliverMail(app, payload)).toBe("booked");
  const understood = (await app.store.payload(id)) ?? Buffer.alloc(0);
  expect(isPacked(understood)).toBe(true);
  expect(bodyOf(understood).toString()).toBe(JSON.stringify(payload));
  await app.close();
});
