import { htmlToLines, textToLines } from "../parsers/html-to-lines.ts";
import type { Mail } from "../parsers/parser.ts";

/** A mail that Jane forwarded by hand, as her mail program sends it. */
export type ForwardedByHand = { readonly program: string; readonly mail: Mail };

/** Jane's distance from UTC: the original's time of day below is five hours behind it. */
const FORWARDED_AT = "Sun, 8 Mar 2026 08:30:00 -0500";

/** When the original was written, to the minute, as the programs below write it. */
export const ORIGINAL_DATE = "2026-03-07T14:14:00Z";
/** Whom the bank wrote to. */
export const ORIGINAL_TO = "jane.doe@example.com";

const SIGNATURE = "Jane Doe, Example Street 1";
/** What Jane wrote above some of them. */
export const COMMENTS = ["For the books", "See below.", SIGNATURE];

/** Labels in the order in which the program writes them, each with what it writes there: the name of a part, or words. */
type Header = readonly (readonly [label: string, part: "from" | "to" | "subject" | { readonly written: string }])[];

/**
 * The mail as each program forwards it, in each language that is told apart: the outer form is that of real forwards, the
 * inside is the mail's own html, or its words with the marks that the program puts into texts.
 */
export function forwardsOf(original: Mail): ForwardedByHand[] {
  return [...gmail(original), ...outlook(original), ...apple(original), ...proton(original), ...others(original)];
}

const GMAIL: readonly (readonly [language: string, from: string, date: string])[] = [
  ["English", "From:", "Sat, Mar 7, 2026 at 9:14\u202fAM"],
  ["English on a phone", "From:", "Sat, Mar 7, 2026, 09:14"],
  ["Spanish", "De:", "sáb, 7 mar 2026, 9:14 a. m."],
  ["French", "De :", "sam. 7 mars 2026 à 09:14"],
  ["Portuguese", "De:", "sáb., 7 de mar. de 2026 às 09:14"],
  ["German", "Von:", "Sa., 7. März 2026 um 09:14 Uhr"],
];

function gmail(original: Mail): ForwardedByHand[] {
  return GMAIL.map(([language, from, written]) => {
    const header: Header = [
      [from, "from"],
      ["Date:", { written }],
      ["Subject:", "subject"],
      ["To:", "to"],
    ];
    const marker = "---------- Forwarded message ---------";
    const html = `<div dir="ltr">For the books<br></div><br><div class="gmail_quote gmail_quote_container">
<div dir="ltr" class="gmail_attr">${marker}<br>${htmlHeader(header, original, "<br>")}<br></div><br><br>
<div class="m_-6797body">${inside(original)}</div></div>`;
    const text = ["For the books", "", marker, ...textHeader(header, original), "", "", ...bold(original)];
    return forward(`Gmail in ${language}`, `Fwd: ${original.subject}`, html, text, original);
  });
}

const OUTLOOK: readonly (readonly [language: string, prefix: string, labels: readonly string[], date: string])[] = [
  ["English", "FW: ", ["From:", "Sent:", "To:", "Subject:"], "Saturday, March 7, 2026 9:14 AM"],
  ["Spanish", "RV: ", ["De:", "Enviado el:", "Para:", "Asunto:"], "sábado, 7 de marzo de 2026 9:14"],
  ["Portuguese", "ENC: ", ["De:", "Enviada em:", "Para:", "Assunto:"], "sábado, 7 de março de 2026 09:14"],
  ["French", "TR\u00a0: ", ["De :", "Envoyé :", "À :", "Objet :"], "samedi 7 mars 2026 09:14"],
  ["German", "WG: ", ["Von:", "Gesendet:", "An:", "Betreff:"], "Samstag, 7. März 2026 09:14"],
];

function outlook(original: Mail): ForwardedByHand[] {
  const desktop = OUTLOOK.map(([language, prefix, labels, written]) => {
    const header = outlookHeader(labels, written);
    const html = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0}</style></head>
<body lang="EN-US"><div class="WordSection1"><p class="MsoNormal">See below.<o:p></o:p></p><p class="MsoNormal">${SIGNATURE}</p>
<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal">${htmlHeader(header, original, "<br>", "b")}<o:p></o:p></p></div>
${inside(original)}</div></body></html>`;
    const text = ["See below.", "", SIGNATURE, "", ...textHeader(header, original), "", ...linked(original)];
    return forward(`Outlook in ${language}`, `${prefix}${original.subject}`, html, text, original);
  });
  const web = outlookHeader(["From:", "Sent:", "To:", "Subject:"], "Saturday, March 7, 2026 9:14:09 AM (UTC-05:00)");
  const webHtml = `<div>&nbsp;</div><hr tabindex="-1" style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr">
<font face="Calibri">${htmlHeader(web, original, "<br>", "b")}</font><div>&nbsp;</div></div>${inside(original)}`;
  const webText = ["_".repeat(32), ...textHeader(web, original), "", ...linked(original)];
  const mac = outlookHeader(["From:", "Date:", "To:", "Subject:"], "Saturday, March 7, 2026 at 9:14 AM");
  const macText = [...textHeader(mac, original), "[Image removed by sender. Chase Logo]", ...linked(original)];
  const plain = ["-----Original Message-----", ...textHeader(web, original), "", ...linked(original)];
  return [
    ...desktop,
    forward("Outlook on the web", `Fw: ${original.subject}`, webHtml, webText, original),
    forward("Outlook for Mac", `FW: ${original.subject}`, "", macText, original),
    forward("Outlook in plain text", `FW: ${original.subject}`, "", plain, original),
  ];
}

function outlookHeader([from = "", sent = "", to = "", subject = ""]: readonly string[], written: string): Header {
  return [
    [from, "from"],
    [sent, { written }],
    [to, "to"],
    [subject, "subject"],
  ];
}

const APPLE: readonly (readonly [language: string, marker: string, labels: readonly string[], date: string])[] = [
  ["English", "Begin forwarded message:", ["From:", "Subject:", "Date:", "To:"], "March 7, 2026 at 9:14:09 AM EST"],
  [
    "Spanish",
    "Inicio del mensaje reenviado:",
    ["De:", "Asunto:", "Fecha:", "Para:"],
    "7 de marzo de 2026, 9:14:09 GMT-5",
  ],
  [
    "Portuguese",
    "Início da mensagem encaminhada:",
    ["De:", "Assunto:", "Data:", "Para:"],
    "7 de março de 2026, 09:14:09 GMT-5",
  ],
  ["French", "Début du message réexpédié :", ["De:", "Objet:", "Date:", "À:"], "7 mars 2026 à 15:14:09 UTC+1"],
  [
    "German",
    "Anfang der weitergeleiteten Nachricht:",
    ["Von:", "Betreff:", "Datum:", "An:"],
    "7. März 2026 um 09:14:09 GMT-5",
  ],
];

function apple(original: Mail): ForwardedByHand[] {
  return APPLE.map(([language, marker, [from = "", subject = "", date = "", to = ""], written], index) => {
    const header: Header = [
      [from, "from"],
      [subject, "subject"],
      [date, { written }],
      [to, "to"],
    ];
    // Its newer versions put label and value into boxes of their own.
    const between = index % 2 === 0 ? "</div><div>" : "<br>";
    const html = `<html><body><br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>${marker}</div><br>
<div>${htmlHeader(header, original, between, "b", index % 2 === 0 ? "<div>" : "")}</div><br>${inside(original)}</blockquote></div></body></html>`;
    const quoted = [marker, "", ...textHeader(header, original), "", ...wordsOf(original)].map((line) =>
      `> ${line}`.trim(),
    );
    return forward(
      `Apple Mail in ${language}`,
      `Fwd: ${original.subject}`,
      html,
      ["", SIGNATURE, "", ...quoted],
      original,
    );
  });
}

function proton(original: Mail): ForwardedByHand[] {
  const header: Header = [
    ...[["From:", "from"] as const, ["Date:", { written: "On Saturday, March 7th, 2026 at 9:14 AM" }] as const],
    ...[["Subject:", "subject"] as const, ["To:", "to"] as const],
  ];
  const marker = "------- Forwarded Message -------";
  const html = `<div class="protonmail_signature_block">Sent with <a href="https://proton.me/">Proton Mail</a> secure email.</div>
<div class="protonmail_quote">${marker}<br>${htmlHeader(header, original, "<br>")}<br><br><blockquote class="protonmail_quote" type="cite">
${inside(original)}</blockquote><br></div>`;
  const body = wordsOf(original).flatMap((line) => [`> ${line}`, ">"]);
  return [
    forward(
      "Proton",
      `Fw: ${original.subject}`,
      html,
      [marker, ...textHeader(header, original), "", ...body],
      original,
    ),
  ];
}

function others(original: Mail): ForwardedByHand[] {
  const thunderbird: Header = [
    ...[["Sujet : ", "subject"] as const, ["Date : ", { written: "Sat, 7 Mar 2026 09:14:09 -0500" }] as const],
    ...[["De : ", "from"] as const, ["Pour : ", "to"] as const],
  ];
  const rows = headerParts(thunderbird, original).map(
    ([label, value]) => `<tr><th>${label}</th><td>${escaped(value)}</td></tr>`,
  );
  const marker = "-------- Message transféré --------";
  const html = `<p><br></p><div class="moz-forward-container"><br><br>${marker}<table class="moz-email-headers-table"><tbody>
${rows.join("")}</tbody></table><br><br>${inside(original)}</div>`;
  const text = [marker, ...textHeader(thunderbird, original), "", "", "", ...wordsOf(original)];
  const yahoo = outlookHeader(["From:", "Sent:", "To:", "Subject:"], "Saturday, March 7, 2026 at 09:14:09 AM GMT-5");
  const yahooHtml = `<div class="ydp">&nbsp;</div><div id="ydp"><div>----- Forwarded Message -----</div>
<div>${htmlHeader(yahoo, original, "</div><div>", "b")}</div><div>${inside(original)}</div></div>`;
  return [
    forward("Thunderbird in French", `Fwd: ${original.subject}`, html, text, original),
    forward("Yahoo", `Fw: ${original.subject}`, yahooHtml, [], original),
  ];
}

function forward(
  program: string,
  subject: string,
  html: string,
  text: readonly string[],
  { receivedAt }: Mail,
): ForwardedByHand {
  const date = FORWARDED_AT;
  const mail = { from: "jane.doe@example.com", fromName: "Jane Doe", subject, date, receivedAt, headers: [] };
  return { program, mail: { ...mail, html, text: text.join("\r\n") } };
}

function headerParts(header: Header, original: Mail): (readonly [label: string, value: string])[] {
  const parts = {
    from: original.fromName === "" ? `<${original.from}>` : `${original.fromName} <${original.from}>`,
    to: `<${ORIGINAL_TO}>`,
    subject: original.subject,
  };
  return header.map(([label, part]) => [label, typeof part === "string" ? parts[part] : part.written]);
}

function htmlHeader(header: Header, original: Mail, between: string, tag = "span", beforeValue = ""): string {
  return headerParts(header, original)
    .map(([label, value]) => `<${tag}>${label} </${tag}>${beforeValue}${escaped(value)}`)
    .join(between);
}

function textHeader(header: Header, original: Mail): string[] {
  return headerParts(header, original).map(([label, value]) => `${label} ${value}`);
}

function inside({ html, text }: Mail): string {
  return html === "" ? text.split(/\r?\n/).map(escaped).join("<br>\n") : html;
}

function wordsOf({ html, text }: Mail): string[] {
  return html === "" ? textToLines(text) : htmlToLines(html).lines;
}

/** As Gmail writes bold cells and images in a text. */
function bold(original: Mail): string[] {
  const words = wordsOf(original);
  return ["[image: Logo]", ...words.map((line) => (/^[\w$][^:@]{0,40}$/.test(line) ? `*${line}*` : line))];
}

/** As Outlook writes images and links in a text. */
function linked(original: Mail): string[] {
  return ["[cid:image001.png@01DA]", ...wordsOf(original), "<https://www.bank.example/account>"];
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
