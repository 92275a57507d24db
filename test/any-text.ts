import fc from "fast-check";

/** Any text at all for property tests: plain characters, control characters, letters of every script, halves of pairs. */
export const anyText: fc.Arbitrary<string> = fc.string({
  unit: fc.oneof(fc.nat(0x7f), fc.nat(0xff), fc.nat(0xffff)).map((code) => String.fromCharCode(code)),
});
