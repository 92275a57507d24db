import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Mail } from "../parsers/parser.ts";
import { readMailSet } from "./mail-set.ts";
import { mailOf } from "./parser-fixtures.ts";

/** A mail that must book nothing, named FAMILY/DETAIL in `test/negatives/FILE.mails`. */
export type NegativeMail = {
  readonly file: string;
  readonly name: string;
  /** What kind of mail it is, such as `declined`. */
  readonly family: string;
  readonly mail: Mail;
};

const NEGATIVES = join(import.meta.dirname, "negatives");

/** Every mail that must book nothing, in the order of the files. */
export function negativeMails(): NegativeMail[] {
  return negativeFiles().flatMap((file) =>
    readMailSet(join(NEGATIVES, file)).map((mail) => {
      const [family = ""] = mail.name.split("/");
      return { file, name: mail.name, family, mail: mailOf(mail) };
    }),
  );
}

/** The files that hold them, one for each family of senders. */
export function negativeFiles(): string[] {
  return readdirSync(NEGATIVES).toSorted();
}

/** A file of them as it is written. */
export function negativeText(file: string): string {
  return readFileSync(join(NEGATIVES, file), "utf8");
}
