import { html as honoHtml } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

/** A piece of markup in which everything that came from outside has been escaped. */
export type Html = HtmlEscapedString;

/** What may stand in a template: strings are escaped, lists are joined, `null`, `undefined` and `false` leave nothing behind. */
export type Inside = Html | string | number | false | null | undefined | readonly Inside[];

/**
 * The template tag that every page and letter is written with. It is hono's, narrowed to what pages need: no promises, so
 * that a page is a plain function of its view, and no objects that would print as "[object Object]".
 */
export function html(parts: TemplateStringsArray, ...inside: Inside[]): Html {
  const markup = honoHtml(parts, ...inside);
  if (markup instanceof Promise) throw new TypeError("A page holds a promise.");
  return markup;
}
