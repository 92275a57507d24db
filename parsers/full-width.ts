/** What lies between a full-width letter or digit and the plain one. */
const DISTANCE = 0xfee0;

/** The text with the full-width letters, digits and marks of East Asian mails as plain ones: `ＡＢＣ１２` is `ABC12`. */
export function withoutFullWidth(text: string): string {
  return text
    .replaceAll(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - DISTANCE))
    .replaceAll("\u3000", " ")
    .replaceAll("￥", "¥");
}
