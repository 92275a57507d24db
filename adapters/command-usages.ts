const LOCAL =
  "While no service runs, --local begins a local installation when the data folder (DATA_DIR) is empty; without it,\nthe command then refuses.";

/** The commands as people read of them: how each is written, what it does, and what `--help` says more. */
export const COMMAND_USAGES: Readonly<Record<string, { usage: string; does: string; more: string }>> = {
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
    usage: "restore [DUMP | latest | --at TIME] [--erase NUMBER] --to FOLDER",
    does: "Put a dump's database into a folder, with what was written after it.",
    more: "DUMP is one that dumps lists, or a file (./X.db.zst.age, with ./X.json beside it); without it, the newest. What was written\nafter it comes out of the journal in the bucket; --at has all end at a moment (2026-11-20T14:00Z, or with another zone) or a day\n(2026-11-20, in UTC). The key is read from DUMP_IDENTITY_FILE, or asked for. Everything is compared with what the dump says of\nitself before FOLDER/wtmm.db is there, accounts that were erased are not in it, and nothing is overwritten. Ends with 1 when a\npart of the journal is missing. Where it refuses to take out as many accounts as notes in the bucket say, --erase with that\nnumber has it go on. For the service's own folder stop the service first: see docs/operations.md.",
  },
  recover: {
    usage: "recover [--since TIME] [--check]",
    does: "Bring back the mails that Postmark has and that are missing.",
    more: "Asks Postmark for every mail since TIME (2026-11-20T14:00Z, or a day in UTC), has those that are not here brought again, and\ntakes from its archive what it doesn't bring. Without --since: since the restore, else since half a day before the newest mail.\nA service does it by itself after a restore. --check only says what is missing, as it does while no service runs. It may be\ninterrupted and begun again. Ends with 1 when a mail is missing.",
  },
  bucket: {
    usage: "bucket [--check] --user ARN",
    does: "Make the bucket for dumps safe, with its owner's key.",
    more: "Not on the service's machine: S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are here those of the bucket's owner, and ARN\n(arn:aws:iam:::user/NAME) is the user whose key the machine has; empty where a store's keys can't be kept from deleting, and no\npolicy is set. Makes the bucket, has it keep what was overwritten and forget old dumps, and lets the machine's key destroy\nnothing, all as in provisioning/bucket/. --check only says what would change.",
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
  drill: {
    usage: "drill [DUMP]",
    does: "Try whether the newest dump would bring everything back.",
    more: "Restores it into DATA_DIR/drill, compares it with its manifest and with the live database, and opens a dashboard on it; then\nwhat is left of it is the copy that ops reads (OPS_COPY). A timer does it after every dump. DUMP is one that dumps lists, or a\nfile: it is tried without a record. On another machine than the service's, DUMP_IDENTITY_FILE has to name the dumps' key.",
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
