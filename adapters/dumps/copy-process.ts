import { openToRead } from "../database-file.ts";
import { reasonOf } from "../doctor/reason-of.ts";
import type { CopyAnswer } from "./copy-database.ts";
import { contentsOf } from "./database-contents.ts";
import { isDiskFull } from "./disk-full.ts";

const [file = "", copy = ""] = process.argv.slice(2);
process.stdout.write(JSON.stringify(copied()));

/** Reads only of the database, which others write meanwhile; none of them waits for it. */
function copied(): CopyAnswer {
  try {
    const database = openToRead(file);
    if (database === null) return { refusal: "there is none", isDiskFull: false };
    const before = contentsOf(database);
    // Whoever started us brings it to the disk part by part: the service's own syncs would wait for a whole database.
    database.exec("PRAGMA synchronous = OFF");
    database.prepare("VACUUM INTO ?").run(copy);
    return { before, after: contentsOf(database) };
  } catch (error) {
    return { refusal: reasonOf(error), isDiskFull: isDiskFull(error) };
  }
}
