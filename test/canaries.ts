const watched = new Set<string>();

/** A word that stands for something private and occurs nowhere else, whatever is made of its letters' case. */
export function canary(what: string): string {
  return watch(`zq${what}kx`);
}

/** Has `leaksIn` search for a text as well: a token that was made meanwhile, an amount. At least six characters. */
export function watch(secret: string): string {
  if (secret.length < 6) throw new Error(`${secret} would be found by accident.`);
  watched.add(secret);
  return secret;
}

/** Which canaries a text holds: as they are, or within what is written in base64, in hex or with escapes. */
export function leaksIn(text: string): string[] {
  const plain = [text, percentDecoded(text), unescaped(text)].join("\n").toLowerCase();
  const encoded = [text, percentDecoded(text)].join("\n").replaceAll("-", "+").replaceAll("_", "/");
  return [...watched].filter((secret) => {
    const spellings = [secret, secret.toLowerCase(), secret.toUpperCase()];
    return (
      plain.includes(secret.toLowerCase()) ||
      spellings.some((spelling) => plain.includes(Buffer.from(spelling).toString("hex"))) ||
      spellings.some((spelling) => base64FormsOf(spelling).some((form) => encoded.includes(form)))
    );
  });
}

function percentDecoded(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_all, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}

function unescaped(text: string): string {
  const characters = text.replace(/\\+u([0-9a-f]{4})/gi, (_all, digits: string) =>
    String.fromCharCode(parseInt(digits, 16)),
  );
  return characters.replaceAll("\\", "");
}

/** What is the same of it wherever it stands in a longer text; the characters at its ends depend on its neighbours. */
function base64FormsOf(text: string): string[] {
  return ["", "x", "xx"].map((before) => {
    const whole = Buffer.from(before + text).toString("base64");
    const certain = Math.floor(((before.length + text.length) * 8) / 6);
    return whole.slice(Math.ceil((before.length * 8) / 6), certain);
  });
}
