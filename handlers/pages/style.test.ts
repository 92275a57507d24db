import { describe, expect, it } from "vitest";
import { style } from "./style.ts";

describe("style", () => {
  it("stays within 8 KB", () => {
    expect(Buffer.byteLength(style)).toBeLessThanOrEqual(8192);
  });

  it("fetches nothing", () => {
    expect(style).not.toMatch(/url\(|@import|@font-face/);
  });

  it("knows dark screens, more contrast, forced colours, less motion and paper", () => {
    for (const part of ["light-dark(", "prefers-contrast", "forced-colors", "prefers-reduced-motion", "@media print"]) {
      expect(style).toContain(part);
    }
  });

  it("loses only white space and comments on its way", () => {
    expect(style).toContain("@media (min-width:56em){.split{display:grid;");
    expect(style).not.toContain("/*");
  });
});
