/** One header of a mail. */
export type MailHeader = {
  /** In lower case. */
  readonly name: string;
  /** All of it as it stands in the mail, folds included, one character per byte, without the last line break. */
  readonly line: string;
};

/** Real mails have up to some fifty kilobytes in a few hundred lines. Each name that a signature lists is sought in all. */
const MAX_BYTES = 128 * 1024;
const MAX_LINES = 1_000;
/** Nobody folds that widely, and patterns that trim white space go through a run of it again for each of its characters. */
const WIDE_GAP = /[ \t\r\n]{1000}/;
const FIELD = /^([!-9;-~]+)[ \t]*:/;
const FOLD = /^[ \t]+[^ \t]/;
/** All but tabs and what is printed, and two breaks of UTF-8: some readers end a line, or all, at one and others do not. */
const DOUBTFUL = /[^\t -~\x80-\xff]|\xc2\x85|\xe2\x80[\xa8\xa9]/;
const [CR, LF] = [0x0d, 0x0a];

/**
 * The headers of a raw mail, top first, and the rest of it: from the line break of the last header on, in CRLF. Null when
 * they are too many, or when two readers could find different headers in them: a line that is no header ends the headers
 * for one reader and not for another, and what follows would be read as text of a body that nobody signed.
 */
export function readHeaders(
  raw: Uint8Array,
): { readonly headers: readonly MailHeader[]; readonly rest: Uint8Array } | null {
  const mail = withCrlf(raw);
  const end = endOfHeaders(mail);
  const text = mail.subarray(0, Math.min(end, MAX_BYTES + 1)).toString("latin1");
  const lines = text === "" ? [] : text.split("\r\n");
  if (text.length > MAX_BYTES || lines.length > MAX_LINES || WIDE_GAP.test(text)) return null;
  const headers: { name: string; line: string }[] = [];
  for (const line of lines) {
    if (DOUBTFUL.test(line)) return null;
    const name = FIELD.exec(line)?.[1];
    const above = headers.at(-1);
    if (name !== undefined) headers.push({ name: name.toLowerCase(), line });
    else if (above !== undefined && FOLD.test(line)) above.line += `\r\n${line}`;
    else return null;
  }
  return { headers, rest: mail.subarray(end) };
}

/** A header's value on one line, trimmed. Bytes that are not UTF-8 become U+FFFD. */
export function valueOf({ line }: MailHeader): string {
  const value = line.slice(line.indexOf(":") + 1).replaceAll("\r\n", "");
  return Buffer.from(value, "latin1").toString("utf8").trim();
}

/** As a mail travels: nothing else ends its lines (RFC 5321, section 2.3.8), and signatures are made of that. */
function withCrlf(raw: Uint8Array): Buffer {
  const given = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const bare: number[] = [];
  for (let at = given.indexOf(LF); at !== -1; at = given.indexOf(LF, at + 1)) if (given[at - 1] !== CR) bare.push(at);
  if (bare.length === 0) return given;
  const mail = Buffer.allocUnsafe(given.length + bare.length);
  let from = 0;
  let end = 0;
  for (const at of bare) {
    end += given.copy(mail, end, from, at);
    mail[end++] = CR;
    from = at;
  }
  given.copy(mail, end, from);
  return mail;
}

/** Where the first empty line begins; in a mail without one, where its last line break does. */
function endOfHeaders(mail: Buffer): number {
  if (mail[0] === CR && mail[1] === LF) return 0;
  const end = mail.indexOf("\r\n\r\n");
  if (end >= 0) return end;
  return mail.length - (mail.at(-1) === LF ? 2 : 0);
}
