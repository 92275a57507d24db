/**
 * The module of a thread or process, beside the one that starts it: in the sources, and flat beside the program once built.
 *
 * @param name of its file, without the ending
 * @param from the starter's `import.meta.url`
 */
export function scriptBeside(name: string, from: string): URL {
  return new URL(`./${name}.${from.endsWith(".ts") ? "ts" : "mjs"}`, from);
}
