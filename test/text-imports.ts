import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Plugin } from "vitest/config";

/**
 * `import sql from "./x.sql" with { type: "text" }`, as esbuild and Node understand it. Vite drops import attributes
 * and would read the file as JavaScript (or, for .css, process it), so such a file gets an id that no other plugin knows.
 */
export function textImports(): Plugin {
  const prefix = "\0text:";
  return {
    name: "text-imports",
    enforce: "pre",
    resolveId(source, importer) {
      if (importer === undefined || !/^\.{1,2}\/.*\.(?:sql|css)$/.test(source)) return undefined;
      return `${prefix}${resolve(dirname(importer), source)}.js`;
    },
    load(id) {
      if (!id.startsWith(prefix)) return undefined;
      return `export default ${JSON.stringify(readFileSync(id.slice(prefix.length, -".js".length), "utf8"))};`;
    },
  };
}
