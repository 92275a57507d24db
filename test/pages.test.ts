import { describe, expect, it } from "vitest";
import { everyPage } from "./page-views.ts";

describe.each(Object.entries(everyPage()))("the page %s", (_name, page) => {
  it("has one first heading, a language, a title and a main part to skip to", () => {
    expect(page.match(/<h1\b/g)).toHaveLength(1);
    expect(page).toContain('<html lang="en">');
    expect(page).toMatch(/<title>[^<]+ · Who Took My Money<\/title>/);
    expect(page).toMatch(/<main id="main"/);
    expect(page).toContain('href="#main"');
  });

  it("needs nothing that the Content-Security-Policy forbids", () => {
    expect(page).not.toMatch(/<(?:script|style|iframe)|<[^>]*\s(?:style|on[a-z]+|http-equiv)=|="javascript:/i);
  });

  it("uses every id once and points at ids that exist", () => {
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const used = [...page.matchAll(/\s(?:for|aria-describedby|aria-labelledby)="([^"]*)"/g)].flatMap(
      ([, list]) => list?.split(" ") ?? [],
    );
    expect(ids).toEqual(expect.arrayContaining(used));
  });
});
