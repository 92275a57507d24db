type Header = { readonly Name: string; readonly Value: string };

/**
 * Whether a machine sent the mail with these headers: an autoresponder, a mailing list or a server that bounces. Answering
 * such a mail may bring the next one, for ever.
 *
 * https://www.rfc-editor.org/rfc/rfc3834#section-2
 */
export function isAutomatic(headers: readonly Header[]): boolean {
  return headers.some(({ Name, Value }) => isMark(Name.toLowerCase(), Value.trim().toLowerCase()));
}

function isMark(name: string, value: string): boolean {
  switch (name) {
    case "auto-submitted":
      // Parameters and comments may follow the word.
      return /^[\w-]+/.exec(value)?.[0] !== "no";
    case "precedence":
      return ["bulk", "junk", "list"].includes(value);
    case "return-path":
      return value === "<>";
    case "list-id":
      return value !== "";
    default:
      return false;
  }
}
