import { join, relative } from "node:path";
import { makeRelease } from "./make-release.ts";
import { releaseOrigin } from "./release-origin.ts";

const usage = `Usage: npm run release
Makes release/wtmm-RELEASE-linux-x64.tar.zst, which is what gets deployed, from this checkout, and its .sha256 beside it.
RELEASE is the version at that version's tag, else VERSION-COMMIT, and ends in -changed when files are not committed.
`;

process.exitCode = await run(process.argv.slice(2));

async function run(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    const isAsked = args.length === 1 && args[0] === "--help";
    (isAsked ? process.stdout : process.stderr).write(usage);
    return isAsked ? 0 : 2;
  }
  try {
    await release(join(import.meta.dirname, "../.."));
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function release(root: string): Promise<void> {
  const origin = releaseOrigin(root);
  if (origin.isChanged) {
    process.stderr.write(
      `Files here differ from commit ${origin.commit.slice(0, 7)}: this is not a release of any commit.\n`,
    );
  }
  const say = (line: string) => void (process.stderr.isTTY && process.stderr.write(`${line}\n`));
  const { file, bytes, sha256 } = await makeRelease({ ...origin, out: join(root, "release"), say });
  process.stdout.write(`${relative(root, file)}  ${(bytes / 1e6).toFixed(1)} MB  sha256 ${sha256}\n`);
}
