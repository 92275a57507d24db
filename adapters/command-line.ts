import { parseArgs } from "node:util";

import { COMMAND_USAGES } from "./command-usages.ts";

/** What the program was asked to do. */
export type Command =
  | { readonly name: "serve"; readonly local: boolean }
  | { readonly name: "login-link"; readonly email: string; readonly local: boolean }
  | {
      readonly name: "feed";
      readonly files: readonly string[];
      readonly to: string | null;
      readonly local: boolean;
    }
  | {
      readonly name: "replay";
      /** A day, in UTC. */
      readonly since: string | null;
      readonly account: string | null;
      readonly dryRun: boolean;
      readonly local: boolean;
    }
  | { readonly name: "export-sample"; readonly mailId: string; readonly local: boolean }
  | { readonly name: "rules"; readonly local: boolean }
  | { readonly name: "rules-share"; readonly ruleId: string; readonly isShared: boolean; readonly local: boolean }
  | {
      readonly name: "restore";
      /** A key in the bucket or a file; null for the newest. */
      readonly dump: string | null;
      /** The newest that is not later. */
      readonly at: Temporal.Instant | null;
      readonly to: string;
      /** How many accounts may be erased where that looks wrong; null for none. */
      readonly mayErase: number | null;
    }
  | {
      readonly name: "recover";
      /** Null for what may be missing by all that is known. */
      readonly since: Temporal.Instant | null;
      readonly isCheck: boolean;
    }
  | { readonly name: "dumps" }
  | { readonly name: "bucket"; readonly user: string; readonly check: boolean }
  | { readonly name: "maintenance"; readonly action: "on" | "off" | "status" }
  | { readonly name: "migrate"; readonly rehearse: boolean }
  | { readonly name: "dump" }
  /** Null for the newest. */
  | { readonly name: "drill"; readonly dump: string | null }
  | { readonly name: "doctor"; readonly offline: boolean; readonly local: boolean }
  | { readonly name: "interpret"; readonly file: string; readonly json: boolean }
  | { readonly name: "help"; readonly text: string }
  /** Used wrongly: the sentence that says how. */
  | { readonly name: "wrong"; readonly text: string };

/** Reads the command line (without the program's own name). Never throws. */
export function readCommand(args: readonly string[]): Command {
  const [name, ...rest] = args;
  if (name === undefined) return { name: "wrong", text: usage() };
  if (name === "--help" || name === "-h" || name === "help") return { name: "help", text: usage() };
  const command = Object.hasOwn(COMMAND_USAGES, name) ? COMMAND_USAGES[name] : undefined;
  if (command === undefined) return { name: "wrong", text: `There is no command ${name}.\n\n${usage()}` };
  const help = `Usage: wtmm ${command.usage}\n\n${command.does}\n${command.more}`;
  if (rest.includes("--help") || rest.includes("-h")) return { name: "help", text: help };
  try {
    return commandOf(name, rest) ?? { name: "wrong", text: help };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name: "wrong", text: `${reason}\n\n${help}` };
  }
}

/** The command, or null when its arguments are not as its usage says. */
function commandOf(name: string, args: readonly string[]): Command | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: OPTIONS[name] ?? {},
  });
  const [first, second] = positionals;
  const local = values["local"] === true;
  switch (name) {
    case "serve":
      return first === undefined ? { name, local } : null;
    case "login-link":
      return first !== undefined && second === undefined ? { name, email: first, local } : null;
    case "feed":
      return first === undefined ? null : { name, files: positionals, to: textOf(values["to"]), local };
    case "replay":
      return first === undefined
        ? {
            name,
            since: dayOf(values["since"]),
            account: textOf(values["account"]),
            dryRun: values["dry-run"] === true,
            local,
          }
        : null;
    case "export-sample":
      return first !== undefined && second === undefined ? { name, mailId: first, local } : null;
    case "rules":
      return rulesCommand(positionals, local);
    case "recover":
      return first === undefined
        ? { name, since: beginningOf(values["since"]), isCheck: values["check"] === true }
        : null;
    case "dumps":
      return first === undefined ? { name } : null;
    case "restore":
      return restoreCommand(positionals, textOf(values["at"]), textOf(values["to"]), textOf(values["erase"]));
    case "bucket": {
      const user = textOf(values["user"]);
      return first === undefined && user !== null ? { name, user, check: values["check"] === true } : null;
    }
    case "maintenance":
      return (first === "on" || first === "off" || first === "status") && second === undefined
        ? { name, action: first }
        : null;
    case "migrate":
      return first === undefined ? { name, rehearse: values["rehearse"] === true } : null;
    case "dump":
      return first === undefined ? { name } : null;
    case "drill":
      return second === undefined ? { name, dump: first ?? null } : null;
    case "doctor":
      return first === undefined ? { name, offline: values["offline"] === true, local } : null;
    case "interpret":
      return first !== undefined && second === undefined ? { name, file: first, json: values["json"] === true } : null;
    default:
      return null;
  }
}

function rulesCommand([action, ruleId, more]: readonly string[], local: boolean): Command | null {
  if (action === undefined) return { name: "rules", local };
  const isShared = action === "share";
  if ((!isShared && action !== "unshare") || ruleId === undefined || more !== undefined) return null;
  return { name: "rules-share", ruleId, isShared, local };
}

function restoreCommand(
  [dump, more]: readonly string[],
  at: string | null,
  to: string | null,
  erase: string | null,
): Command | null {
  if (to === null || to === "" || more !== undefined || (dump !== undefined && at !== null)) return null;
  const isNamed = dump !== undefined && dump !== "latest";
  const mayErase = erase === null ? null : numberOf(erase);
  return { name: "restore", dump: isNamed ? dump : null, at: at === null ? null : momentOf(at), to, mayErase };
}

const OPTIONS: Readonly<Record<string, NonNullable<Parameters<typeof parseArgs>[0]>["options"]>> = {
  serve: { local: { type: "boolean" } },
  "login-link": { local: { type: "boolean" } },
  feed: { local: { type: "boolean" }, to: { type: "string" } },
  replay: {
    local: { type: "boolean" },
    since: { type: "string" },
    account: { type: "string" },
    "dry-run": { type: "boolean" },
  },
  "export-sample": { local: { type: "boolean" } },
  rules: { local: { type: "boolean" } },
  recover: { since: { type: "string" }, check: { type: "boolean" } },
  dumps: {},
  restore: { at: { type: "string" }, to: { type: "string" }, erase: { type: "string" } },
  bucket: { user: { type: "string" }, check: { type: "boolean" } },
  maintenance: {},
  dump: {},
  drill: {},
  migrate: { rehearse: { type: "boolean" } },
  doctor: { local: { type: "boolean" }, offline: { type: "boolean" } },
  interpret: { json: { type: "boolean" } },
};

function dayOf(value: unknown): string | null {
  const text = textOf(value);
  if (text === null) return null;
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" }).toString();
  } catch {
    throw new Error(`--since needs a day like 2026-11-20, not ${text}.`);
  }
}

function numberOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--erase needs the number of accounts that the refusal named, not ${text}.`);
}

/** A day counts to its end. */
function momentOf(text: string): Temporal.Instant {
  try {
    if (!/^\d{4}-\d\d-\d\d$/.test(text)) return Temporal.Instant.from(text);
    const next = Temporal.PlainDate.from(text, { overflow: "reject" }).add({ days: 1 });
    return next.toZonedDateTime("UTC").toInstant().subtract({ nanoseconds: 1 });
  } catch {
    throw new Error(`--at needs a day like 2026-11-20 or a time with its zone like 2026-11-20T14:00Z, not ${text}.`);
  }
}

/** A day counts from its beginning. */
function beginningOf(value: unknown): Temporal.Instant | null {
  const text = textOf(value);
  if (text === null) return null;
  try {
    if (!/^\d{4}-\d\d-\d\d$/.test(text)) return Temporal.Instant.from(text);
    return Temporal.PlainDate.from(text, { overflow: "reject" }).toZonedDateTime("UTC").toInstant();
  } catch {
    throw new Error(`--since needs a day like 2026-11-20 or a time with its zone like 2026-11-20T14:00Z, not ${text}.`);
  }
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function usage(): string {
  const width = Math.max(...Object.values(COMMAND_USAGES).map(({ usage: line }) => line.length));
  const lines = Object.values(COMMAND_USAGES).map(({ usage: line, does }) => `  ${line.padEnd(width)}  ${does}`);
  return ["Usage: wtmm COMMAND", "", ...lines, "", "wtmm COMMAND --help says more."].join("\n");
}
