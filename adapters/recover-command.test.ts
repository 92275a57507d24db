import { describe, expect, it } from "vitest";

import { AppError } from "../errors.ts";
import { recoverCommand } from "./recover-command.ts";

const FOUND = {
  since: "2026-11-20T02:00:00Z",
  unknownUntil: null as string | null,
  total: 20,
  here: 12,
  cameAgain: 5,
  fromArchive: 3,
  onTheirWay: 0,
  missing: [] as { id: string; reason: string }[],
};
const SINCE = Temporal.Instant.from("2026-11-20T02:00:00Z");

/** Runs it on a service that finds this; what was asked of that, and what was said. */
async function run(found: Partial<typeof FOUND>, { isCheck = false, isServed = true } = {}) {
  const asked: unknown[] = [];
  const said: string[] = [];
  const call = async (command: string, body: unknown) => {
    asked.push([command, body]);
    return command === "recover" ? { ...FOUND, ...found } : "3 of 5 mails have come again";
  };
  const terminal = { say: (line: string) => void said.push(line), progress: () => {} };
  const isWell = await recoverCommand({ since: SINCE, isCheck }, call, isServed, terminal);
  return { asked, said, isWell };
}

describe("wtmm recover", () => {
  it("accounts for every mail", async () => {
    const { asked, said, isWell } = await run({});
    expect(asked).toEqual([["recover", { since: "2026-11-20T02:00:00Z", isCheck: false }]]);
    expect(said).toEqual([
      "20 mails since 2026-11-20T02:00:00Z, 20 accounted for: 12 were here, 5 came again, 3 were taken from the archive.",
    ]);
    expect(isWell).toBe(true);
  });

  it("names each that is missing, with the reason and what to do, and fails", async () => {
    const missing = [{ id: "0701c017", reason: "Postmark answered 422, error 701: It was not found." }];
    const { said, isWell } = await run({ fromArchive: 1, onTheirWay: 1, missing });
    expect(said).toEqual([
      "missing: 0701c017: Postmark answered 422, error 701: It was not found.",
      "20 mails since 2026-11-20T02:00:00Z, 19 accounted for: 12 were here, 5 came again, 1 were taken from the archive, 1 are still on their way, which Postmark sees to by itself.",
      expect.stringContaining("docs/operations.md"),
    ]);
    expect(isWell).toBe(false);
  });

  it("says from when on Postmark keeps nothing, and fails, for nobody can tell what came then", async () => {
    const { said, isWell } = await run({ unknownUntil: "2026-11-20T03:00:00Z" });
    expect(said.at(-1)).toMatch(/^Postmark keeps no mail from before 2026-11-20T03:00:00Z: /);
    expect(isWell).toBe(false);
  });

  it("only looks with --check, and while no service runs, for then mails could not come", async () => {
    const missing = [{ id: "0701c017", reason: "It was not asked for yet" }];
    const counts = { total: 14, here: 12, onTheirWay: 1, missing };
    const line = "14 mails since 2026-11-20T02:00:00Z: 12 are here, 1 are on their way, 1 are missing.";
    const checked = await run(counts, { isCheck: true });
    expect(checked.asked).toEqual([["recover", { since: "2026-11-20T02:00:00Z", isCheck: true }]]);
    expect(checked.said).toEqual(["missing: 0701c017", line, "Bring them back with `wtmm recover`."]);
    const alone = await run(counts, { isServed: false });
    expect(alone.asked).toEqual(checked.asked);
    expect(alone.said[2]).toMatch(/^Start the service, /);
    expect([checked.isWell, alone.isWell]).toEqual([false, false]);
    expect(await run({ total: 12 }, { isServed: false })).toMatchObject({ isWell: true });
  });

  it("shows how far it is until it ends", async () => {
    const ended = Promise.withResolvers<unknown>();
    const shown: string[] = [];
    const call = async (command: string) => (command === "recover" ? ended.promise : "3 of 5 mails have come again");
    const terminal = {
      say: () => {},
      progress: (line: string) => {
        shown.push(line);
        ended.resolve(FOUND);
      },
    };
    expect(await recoverCommand({ since: null, isCheck: false }, call, true, terminal)).toBe(true);
    expect(shown).toEqual(["3 of 5 mails have come again", ""]);
  });

  it("passes on why it was refused, and what makes no sense", async () => {
    const refuse = () => Promise.reject(new AppError("conflict", "Local mode has no archive."));
    const terminal = { say: () => {}, progress: () => {} };
    const asked = { since: null, isCheck: false };
    await expect(recoverCommand(asked, refuse, true, terminal)).rejects.toThrow("Local mode has no archive.");
    await expect(recoverCommand(asked, async () => ({}), true, terminal)).rejects.toThrow(/Invalid/);
  });
});
