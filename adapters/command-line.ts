import { parseArgs } from "node:util";

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
    }
  | { readonly name: "dumps" }
  | { readonly name: "bucket"; readonly user: string; readonly check: boolean }
  | { readonly name: "maintenance"; readonly action: "on" | "off" | "status" }
  | { readonly name: "migrate"; readonly rehearse: boolean }
  | { readonly name: "dump" }
  | { readonly name: "doctor"; readonly offline: boolean; readonly local: boolean }
  | { readonly name: "interpret"; readonly file: string; readonly json: boolean }
  | { readonly name: "help"; readonly text: string }
  /** Used wrongly: the sentence that says how. */
  | { readonly name: "wrong"; readonly text: string };

const LOCAL =
  "While no service runs, --local begins a local installation when the data folder (DATA_DIR) is empty; without it,\nthe command then refuses.";

const COMMANDS: Readonly<Record<string, { usage: string; does: string; more: string }>> = {
  serve: {
    usage: "serve [--local]",
    does: "Run the service.",
    more: "--local runs it on this machine alone: it makes its own secrets, keeps letters to read at /dev/mail, takes mail\nby SMTP, and shows a demonstration account. Settings are environment variables; .env.example lists them.",
  },
  "login-link": {
    usage: "login-link [--local] EMAIL",
    does: "Print a sign-in link for an account, good for 30 minutes.",
    more: `For whoever can't get mail. On a local service an account is made when there is none.\n${LOCAL}`,
  },
  feed: {
    usage: "feed [--local] [--to EMAIL] FILE.eml…",
    does: "Take mails from files as if they had been mailed.",
    more: `--to names the account or alert address they are for. Without it the mail's own headers decide, or the only\naccount there is. The same file twice counts once. A file proves no signature, so a service lets its purchases wait in\nreview; a local one books them.\n${LOCAL}`,
  },
  replay: {
    usage: "replay [--local] [--since DATE] [--account EMAIL] [--dry-run]",
    does: "Read kept mails again, after a parser learnt something.",
    more: `Shows first what would change, then changes it; --dry-run only shows it. --since leaves out mails that arrived before\nthat day (2026-11-20, in UTC). What people changed or decided stays. It may be interrupted and begun again.\n${LOCAL}`,
  },
  "export-sample": {
    usage: "export-sample [--local] MAIL-ID",
    does: "Print a kept mail with other names, numbers and addresses.",
    more: `For an issue about an institution, or as the beginning of its fixtures. The id stands under the mail's text at /mails. Words\nstay as they are, so look for names before you send it anywhere.\n${LOCAL}`,
  },
  rules: {
    usage: "rules [--local] [share ID | unshare ID]",
    does: "List the reading rules in use that people taught.",
    more: `share has everybody's mails of that sender read by a rule; unshare makes it its account's alone again, and what was\nbooked stays.\n${LOCAL}`,
  },
  dumps: {
    usage: "dumps",
    does: "List the dumps that there are.",
    more: "The newest first, with what is in each. A dump is named by its last column.",
  },
  restore: {
    usage: "restore [DUMP | latest | --at TIME] --to FOLDER",
    does: "Put a dump's database into a folder.",
    more: "DUMP is one that dumps lists, or a file (./X.db.zst.age, with ./X.json beside it); without it, the newest. --at takes the\nnewest from before a moment (2026-11-20T14:00Z, or with another zone) or from a day (2026-11-20, in UTC). The key is read from\nDUMP_IDENTITY_FILE, or asked for. Everything is compared with what the dump says of itself before FOLDER/wtmm.db is there,\nand nothing is overwritten. For the service's own folder stop the service first: see docs/operations.md.",
  },
  bucket: {
    usage: "bucket [--check] --user ARN",
    does: "Make the bucket for dumps safe, with its owner's key.",
    more: "Not on the service's machine: S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are here those of the bucket's owner, and ARN\n(arn:aws:iam:::user/NAME) is the user whose key the machine has. Makes the bucket, has it keep what was overwritten and forget\nold dumps, and lets the machine's key destroy nothing, all as in provisioning/bucket/. --check only says what would change.",
  },
  maintenance: {
    usage: "maintenance on|off|status",
    does: "Let mail and people wait while you work on the machine.",
    more: "While it is on, mail stays at Postmark, which brings it again, pages say that they will be back soon, and nothing starts by\nitself. It lasts over restarts and ends by itself after eight hours; on renews it.",
  },
  migrate: {
    usage: "migrate [--rehearse]",
    does: "Bring the database to this release's schema.",
    more: "serve does it by itself when it starts. --rehearse does it with a copy only, also while the service runs, and fails when\nthe migration fails or when requests would wait for it for over a second; a release is tried like this before it serves.",
  },
  dump: {
    usage: "dump",
    does: "Put a copy of the database into the bucket, sealed.",
    more: "Also while the service runs. The copy is checked, compressed, encrypted for DUMP_RECIPIENT, uploaded and read back; only then\ndoes its manifest make it a dump. What is in the bucket stays. A timer does it every day.",
  },
  doctor: {
    usage: "doctor [--local] [--offline]",
    does: "Look at everything the service needs, and say how to mend it.",
    more: "Only looks, also while the service runs and before its first start; ends with 1 when something is red. Looks at the settings,\nclock, disk, permissions and database; and unless --offline at what is outside this machine: DNS, certificate, Postmark and\ndumps (where it writes one small object). --local looks at a local installation, which needs nothing outside.",
  },
  interpret: {
    usage: "interpret FILE.eml [--json]",
    does: "Show what a mail is understood as. Touches no database.",
    more: "--json prints one object with an entry for each event.",
  },
};

/** Reads the command line (without the program's own name). Never throws. */
export function readCommand(args: readonly string[]): Command {
  const [name, ...rest] = args;
  if (name === undefined) return { name: "wrong", text: usage() };
  if (name === "--help" || name === "-h" || name === "help") return { name: "help", text: usage() };
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
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
    case "dumps":
      return first === undefined ? { name } : null;
    case "restore":
      return restoreCommand(positionals, textOf(values["at"]), textOf(values["to"]));
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

function restoreCommand([dump, more]: readonly string[], at: string | null, to: string | null): Command | null {
  if (to === null || to === "" || more !== undefined || (dump !== undefined && at !== null)) return null;
  const isNamed = dump !== undefined && dump !== "latest";
  return { name: "restore", dump: isNamed ? dump : null, at: at === null ? null : momentOf(at), to };
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
  dumps: {},
  restore: { at: { type: "string" }, to: { type: "string" } },
  bucket: { user: { type: "string" }, check: { type: "boolean" } },
  maintenance: {},
  dump: {},
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

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function usage(): string {
  const width = Math.max(...Object.values(COMMANDS).map(({ usage: line }) => line.length));
  const lines = Object.values(COMMANDS).map(({ usage: line, does }) => `  ${line.padEnd(width)}  ${does}`);
  return ["Usage: wtmm COMMAND", "", ...lines, "", "wtmm COMMAND --help says more."].join("\n");
}
