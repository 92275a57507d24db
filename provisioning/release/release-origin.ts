import { execFileSync } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";

/** What a release is made from. */
export type ReleaseOrigin = {
  /** What it is called: on disk, in links and in `/health`. */
  readonly name: string;
  /** The commit's whole hash. */
  readonly commit: string;
  readonly committedAt: Date;
  /** Whether the files differ from that commit's. */
  readonly isChanged: boolean;
};

/**
 * Names the release that a checkout makes: `VERSION` at that version's tag, else `VERSION-COMMIT`, and with `-changed` behind
 * it when the files are not the commit's.
 *
 * @throws Error when the folder is no checkout (files without a commit can't be told apart), or when the version fits no name
 */
export function releaseOrigin(root: string): ReleaseOrigin {
  const commit = commitOf(root);
  const { version }: { readonly version: string } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const isTagged = git(root, "tag", "--points-at", "HEAD").split("\n").includes(`v${version}`);
  const isChanged = git(root, "status", "--porcelain") !== "";
  const name = `${version}${isTagged ? "" : `-${commit.slice(0, 7)}`}${isChanged ? "-changed" : ""}`;
  if (!isReleaseName(name)) {
    throw new Error(
      `${name} can't name a release: letters, digits, dots and dashes can. Change the version in package.json.`,
    );
  }
  return { name, commit, committedAt: new Date(Number(git(root, "show", "-s", "--format=%ct")) * 1000), isChanged };
}

/** Whether that is safe as a folder's name and as an argument: what `wtmm-activate` accepts as well. */
export function isReleaseName(name: string): boolean {
  return /^[0-9A-Za-z][0-9A-Za-z.-]*$/.test(name) && !name.includes("..");
}

function commitOf(root: string): string {
  try {
    // Files unpacked inside another project's checkout must not be named after that one's commits.
    if (realpathSync(git(root, "rev-parse", "--show-toplevel")) === realpathSync(root)) {
      return git(root, "rev-parse", "HEAD");
    }
  } catch (cause) {
    throw new Error(notACheckout(root), { cause });
  }
  throw new Error(notACheckout(root));
}

function notACheckout(root: string): string {
  return `A release is named after its commit, but ${root} is no git checkout with a commit, or git is not installed. Clone the repository and try again.`;
}

/** Output of a git command that leaves the checkout as it is, also for another user than its owner. */
function git(root: string, ...args: string[]): string {
  const first = ["--no-optional-locks", "-c", `safe.directory=${realpathSync(root)}`, "-C", root];
  return execFileSync("git", [...first, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}
