import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { readInboundPayload, toMail } from "../handlers/inbound-payload.ts";
import type { Mail } from "../parsers/parser.ts";
import { readMailSet } from "./mail-set.ts";

/**
 * A mail as Postmark posted it, in `parsers/INSTITUTION/fixtures/NAME.mail.json`, or one of a set of them in
 * `parsers/INSTITUTION/fixtures/SET.mails`, and the file beside it that says what is expected.
 */
export type ParserFixture = {
  readonly institution: string;
  readonly name: string;
  readonly payload: Buffer;
  readonly expectedPath: string;
};

const PARSERS = join(import.meta.dirname, "../parsers");
const SUFFIX = ".mail.json";
const SET_SUFFIX = ".mails";

/** Later than every fixture's own date, so that each keeps it. */
const RECEIVED_AT = Temporal.Instant.from("2026-11-20T15:00:00Z");

/** The folders of `parsers/`: one institution each. */
export function institutionFolders(): string[] {
  const entries = readdirSync(PARSERS, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** Every fixture of every institution. */
export function parserFixtures(): ParserFixture[] {
  return institutionFolders().flatMap((institution) => {
    const folder = join(PARSERS, institution, "fixtures");
    return readdirSync(folder).flatMap((file) => {
      const path = join(folder, file);
      if (file.endsWith(SUFFIX)) {
        const name = file.slice(0, -SUFFIX.length);
        return [
          { institution, name, payload: readFileSync(path), expectedPath: join(folder, `${name}.expected.json`) },
        ];
      }
      if (!file.endsWith(SET_SUFFIX)) return [];
      const expectedPath = join(folder, `${file.slice(0, -SET_SUFFIX.length)}.expected.txt`);
      return readMailSet(path).map((mail) => ({ institution, ...mail, expectedPath }));
    });
  });
}

/**
 * The fixture as parsers see it.
 *
 * @throws when its payload is none
 */
export function mailOf({ name, payload }: Pick<ParserFixture, "name" | "payload">): Mail {
  const inbound = readInboundPayload(payload);
  if (inbound === null) throw new Error(`${name} is not the JSON that Postmark posts`);
  return toMail(inbound, RECEIVED_AT);
}
