import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { html } from "./html.ts";

describe("html", () => {
  it("leaves no character of a text with a meaning in markup, in content or attribute", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const markup = html`${text}`.toString();
        expect(markup).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      }),
    );
  });

  it("joins lists and leaves nothing behind for what is absent", () => {
    expect(html`${[html`<b>a</b>`, "<", 1]}${null}${undefined}${false}`.toString()).toBe("<b>a</b>&lt;1");
  });

  it("refuses a promise, which would print as something else", () => {
    // @ts-expect-error the type refuses it as well
    expect(() => html`${Promise.resolve("late")}`).toThrow(TypeError);
  });
});
