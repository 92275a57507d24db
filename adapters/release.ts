import manifest from "../package.json" with { type: "json" };

/** Put in by the bundler when it builds a release. */
declare const WTMM_RELEASE: string | undefined;

/** Name of this build: a release's own, and in a checkout the version. */
export const RELEASE: string = typeof WTMM_RELEASE === "string" ? WTMM_RELEASE : manifest.version;
