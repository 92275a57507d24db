import css from "./style.css" with { type: "text" };

/**
 * The one stylesheet, served at /style.css without the comments and white space that are there for people: at most 8 KB,
 * which a test holds it to. It fetches nothing, no fonts and no images, so the Content-Security-Policy can forbid them.
 */
export const style = squeeze(css);

function squeeze(text: string): string {
  return text
    .replaceAll(/\/\*.*?\*\//gs, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ?([{};,>]) ?/g, "$1")
    .replaceAll(/(?<=[ :,(])0\./g, ".")
    .replaceAll(": ", ":")
    .replaceAll(";}", "}")
    .trim();
}
