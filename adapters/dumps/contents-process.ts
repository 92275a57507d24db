import { openToRead } from "../database-file.ts";
import { reasonOf } from "../doctor/reason-of.ts";
import type { ContentsAnswer } from "./ask-contents.ts";
import { contentsOf, requireIntegrity } from "./database-contents.ts";

const [file = ""] = process.argv.slice(2);
process.stdout.write(JSON.stringify(answer()));

function answer(): ContentsAnswer {
  try {
    const database = openToRead(file);
    if (database === null) return { refusal: "there is none" };
    // It looks at the pages from the last to the first. Read one by one, that takes ten times as long where memory is short;
    // of a file that is mapped, the kernel reads what lies around. SQLite maps no more than the first 2 GB.
    database.exec(`PRAGMA mmap_size = ${Number.MAX_SAFE_INTEGER}`);
    requireIntegrity(database);
    return { contents: contentsOf(database) };
  } catch (error) {
    return { refusal: reasonOf(error) };
  }
}
