import { describe, expect, it } from "vitest";
import { linkOwn } from "./dev-mail.ts";

const base = "http://127.0.0.1:8080";

describe("linkOwn", () => {
  it("makes a link below our own address clickable", () => {
    expect(linkOwn(`Open ${base}/sign-in?t=a.b&c now`, base).toString()).toBe(
      `Open <a href="${base}/sign-in?t=a.b&amp;c">${base}/sign-in?t=a.b&amp;c</a> now`,
    );
  });

  it.each([
    "https://example.net/x",
    "http://127.0.0.1:80801/x",
    "http://127.0.0.1:8080.example.net/x",
    "http://127.0.0.1:8080@example.net/x",
    "http://127x0.0.1:8080/x",
    "javascript:alert(1)",
  ])("leaves %s as text", (address) => {
    expect(linkOwn(address, base).toString()).not.toContain("<a");
  });

  it("ends a link at quotes and brackets, and escapes the rest", () => {
    expect(linkOwn(`<${base}/a"onclick=b>`, base).toString()).toBe(
      `&lt;<a href="${base}/a">${base}/a</a>&quot;onclick=b&gt;`,
    );
  });
});
