import manifest from "../package.json" with { type: "json" };

/** Name of this build. */
export const RELEASE: string = manifest.version;
