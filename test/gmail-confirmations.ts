import { randomUUID } from "node:crypto";

import type { Store } from "../adapters/libsql-store.ts";
import { aDelivery, anInterpretation } from "./store-calls.ts";

/** Google's two links: one confirms, the other cancels. */
export const CONFIRM_LINK =
  "https://mail-settings.google.com/mail/vf-%5BANGjdJ8TOKENTOKENTOKEN_TOKEN%5D-TOKENTOKENTOKEN";
export const CANCEL_LINK = CONFIRM_LINK.replace("/vf-", "/uf-");

const HELP = "http://support.google.com/mail/bin/answer.py?answer=184973";

type Names = { readonly requester: string; readonly to: string; readonly link: string };
type Locale = {
  readonly code: string | null;
  readonly subject: (names: Names) => string;
  readonly text: (names: Names) => string;
};

const english = (
  { requester, to, link }: Names,
  code: string | null,
) => `${requester} has requested to automatically forward
mail to your email
address ${to}.
${code === null ? "" : `Confirmation code: ${code}\n`}
To allow ${requester} to automatically forward mail
to your address,
please click the link below to confirm the request:

${link}

If you click the link and it appears to be broken, copy it into a new
window.${code === null ? "" : ` If that does not help, you can send the confirmation code\n${code} to ${requester}.`}

If you do not approve of this request, you need not do anything.
${requester} cannot forward mail to you unless you confirm. To cancel this
verification, click this link:
${CANCEL_LINK}

To learn more, please visit: ${HELP}.
`;

/**
 * Gmail's confirmation in every language that is known. The subjects and the English body are Gmail's, with invented
 * people; of the other bodies a phrase at most is known, so they say in their language what the English one does.
 */
export const gmailLocales: Readonly<Record<string, Locale>> = {
  "English with a code": {
    code: "83581330",
    subject: ({ requester }) => `(#83581330) Gmail Forwarding Confirmation - Receive Mail from ${requester}`,
    text: (names) => english(names, "83581330"),
  },
  "English without a code": {
    code: null,
    subject: ({ requester }) => `(Gmail Forwarding Confirmation - Receive Mail from ${requester}`,
    text: (names) => english(names, null),
  },
  Spanish: {
    code: "123456789",
    subject: ({ requester }) => `(#123456789) Confirmación de reenvío de Gmail - Recibir correo de ${requester}`,
    text: ({ requester, to, link }) => `${requester} quiere reenviar correo automáticamente a su dirección
${to}.
Código de confirmación: 123456789

Para permitirlo, haga clic en este enlace:

${link}

Si no lo aprueba, no haga nada. ${requester} no podrá reenviar correo
sin su permiso. Para cancelar la verificación:
${CANCEL_LINK}

Más información: ${HELP}.
`,
  },
  Chinese: {
    code: "416704879",
    subject: ({ requester }) => `(#416704879) Gmail 转发确认 - 从 ${requester} 接收邮件`,
    text: ({ requester, to, link }) => `${requester} 请求将邮件自动转发到您的电子邮件地址
${to}。
确认码：416704879

要允许 ${requester} 自动转发邮件，请点击以下链接：

${link}

如果您不同意，则无需执行任何操作。要取消此验证，请点击：
${CANCEL_LINK}

了解详情：${HELP}。
`,
  },
  Slovak: {
    code: "987654321",
    subject: ({ requester }) => `(#987654321) Potvrdenie preposielania Gmailu – prijímanie pošty z adresy ${requester}`,
    text: ({ requester, to, link }) => `Používateľ ${requester} chce automaticky preposielať poštu
na vašu adresu ${to}.
Potvrdzovací kód: 987654321

Ak s tým súhlasíte, kliknite na tento odkaz:

${link}

Ak nesúhlasíte, nemusíte robiť nič. Overenie zrušíte tu:
${CANCEL_LINK}

Viac informácií: ${HELP}.
`,
  },
  Japanese: {
    code: "123456789",
    subject: () => "(#123456789) Gmail の転送の確認",
    text: ({ requester, to, link }) => `${requester} さんが、あなたのメールアドレス
${to}
へのメールの自動転送をリクエストしました。
確認コード: 123456789

${requester} さんに許可するには、次のリンクをクリックしてください。

${link}

許可しない場合は、何もする必要はありません。取り消すには、次のリンクをクリックしてください。
${CANCEL_LINK}

詳細: ${HELP}
`,
  },
  German: {
    code: "246813579",
    subject: () => "(#246813579) Gmail-Weiterleitungsbestätigung",
    text: ({ requester, to, link }) => `${requester} möchte E-Mails automatisch an Ihre Adresse
${to} weiterleiten.
Bestätigungscode: 246813579

Um das zu erlauben, klicken Sie auf diesen Link:

${link}

Wenn Sie nicht einverstanden sind, müssen Sie nichts tun. So brechen Sie
die Bestätigung ab:
${CANCEL_LINK}

Weitere Informationen: ${HELP}.
`,
  },
  Polish: {
    code: "987654321",
    subject: ({ requester }) => `Potwierdzenie przekazywania w Gmailu - ${requester}`,
    text: ({ requester, to, link }) => `Użytkownik ${requester} chce automatycznie przekazywać
pocztę na Twój adres ${to}.
Kod potwierdzenia: 987654321

Aby na to zezwolić, kliknij ten link:

${link}

Jeśli się nie zgadzasz, nie musisz nic robić. Aby anulować weryfikację:
${CANCEL_LINK}

Więcej informacji: ${HELP}.
`,
  },
};

/** Gmail's confirmation in that language as Postmark posts it. Changes replace parts of the payload. */
export function gmailPayload(
  locale: string,
  { to, requester = "jane.doe@example.com", link = CONFIRM_LINK }: Partial<Names> & Pick<Names, "to">,
  changes: Record<string, unknown> = {},
): Record<string, unknown> {
  const mail = gmailLocales[locale];
  if (mail === undefined) throw new Error(`There is no mail in ${locale}.`);
  const names = { requester, to, link };
  return {
    MessageID: randomUUID(),
    From: "forwarding-noreply@google.com",
    FromFull: { Email: "forwarding-noreply@google.com", Name: "Gmail Team" },
    To: to,
    OriginalRecipient: to,
    MailboxHash: "",
    Subject: mail.subject(names),
    Date: "Sun, 12 Jun 2022 22:58:00 -0400",
    TextBody: mail.text(names),
    HtmlBody: "",
    Headers: [
      { Name: "X-Google-Address-Confirmation", Value: "AAAAAAAAAAAAAAAAAAAAAAAAAAA" },
      { Name: "Message-ID", Value: `<${randomUUID()}@google.com>` },
    ],
    Attachments: [],
    ...changes,
  };
}

/** A request of jane@example.com's mailbox, written down as interpretation does. */
export async function keepRequest(
  store: Store,
  { id, accountId, isDue = true, at }: { id: string; accountId: string; isDue?: boolean; at: Temporal.Instant },
): Promise<void> {
  await store.keepMail({ ...aDelivery(id), at });
  const confirmation = { requester: "jane@example.com", code: "123456789", link: requestLink(id), isDue };
  const interpretation = anInterpretation(id, "confirmation", accountId);
  await store.finishMails([{ ...interpretation, interpretedAt: at.epochMilliseconds, confirmation }]);
}

/** The link of such a request. */
export function requestLink(id: string): string {
  return `https://mail.google.com/mail/vf-${id}`;
}
