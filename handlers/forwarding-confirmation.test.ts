import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { composeMail } from "../adapters/compose-mail.ts";
import { emlToInbound } from "../adapters/eml-to-inbound.ts";
import { allRows } from "../test/database.ts";
import { deliverMail } from "../test/deliver-mail.ts";
import { fakeApp, NOW, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CANCEL_LINK, CONFIRM_LINK, gmailLocales, gmailPayload } from "../test/gmail-confirmations.ts";
import { pageOf, wordsOf } from "../test/read-page.ts";
import { newKey, publishing, signMail, type SigningKey } from "../test/sign-mail.ts";
import { confirmForwarding } from "./confirm-forwarding.ts";

const google = newKey("google.com");

let opened: string[];
let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  opened = [];
  app = await fakeApp({
    resolveTxt: publishing(google),
    confirmForwarding: async (link) => {
      opened.push(link);
      return "confirmed";
    },
  });
  jane = await signedIn(app, "jane.doe@example.com");
});
afterEach(() => app.close());

describe("Gmail's request to forward", () => {
  it.each(Object.keys(gmailLocales))(
    "is confirmed by itself in %s, by the link that confirms and no other",
    async (locale) => {
      expect(await deliverMail(app, await request({ locale }))).toBe("confirmation");
      expect(app.woken).toContain("confirm-forwarding");
      await confirmForwarding(app);
      expect(opened).toEqual([CONFIRM_LINK]);
      expect(wordsOf(await pageOf(app, "/connect", jane.cookie))).toContain("Confirmed");
    },
  );

  it.each<[string, Parameters<typeof request>[0]]>([
    ["nobody signed it", { key: null }],
    ["another domain signed it", { key: newKey("example.net") }],
    ["it comes from another address at Google", { from: "calendar-notification@google.com" }],
    ["it is a form's answer", { from: "forms-receipts-noreply@google.com" }],
    ["it was sent to the shared address", { to: "alerts@wtmm.example.com" }],
    ["another mailbox asks", { requester: "mallory@example.com" }],
    ["its only link cancels", { link: CANCEL_LINK }],
    ["its link leads elsewhere", { link: "https://mail-settings.google.com.evil.example/mail/vf-1" }],
    ["it was changed on the way", { change: (raw) => raw.replace("Gmail Team", "Google Team") }],
  ])("waits for its person when %s", async (_what, changes) => {
    await deliverMail(app, await request(changes));
    await confirmForwarding(app);
    expect(opened).toEqual([]);
    expect((await allRows(app))["forwarding_confirmations"]?.filter((row) => row.includes("due"))).toEqual([]);
  });

  it("waits when only our provider says that Google signed it", async () => {
    const { RawEmail: _raw, ...payload } = await request({ aligned: true });
    expect(await deliverMail(app, payload)).toBe("confirmation");
    await confirmForwarding(app);
    expect(opened).toEqual([]);
    expect(wordsOf(await pageOf(app, "/connect", jane.cookie))).toContain("83581330");
  });
});

type Changes = {
  readonly locale?: string;
  readonly key?: SigningKey | null;
  readonly from?: string;
  readonly to?: string;
  readonly requester?: string;
  readonly link?: string;
  readonly aligned?: boolean;
  readonly change?: (raw: string) => string;
};

/** The mail as Google would send and sign it; each change leaves out one thing. */
async function request(changes: Changes): Promise<Record<string, unknown>> {
  const {
    locale = "English with a code",
    key = google,
    from = "forwarding-noreply@google.com",
    change = (raw: string) => raw,
  } = changes;
  const to = changes.to ?? jane.alertAddress;
  const { requester = "jane.doe@example.com", link = CONFIRM_LINK } = changes;
  const mail = gmailPayload(locale, { to, requester, link });
  const raw = composeMail({
    from: `Gmail Team <${from}>`,
    to,
    subject: String(mail["Subject"]),
    text: String(mail["TextBody"]),
    html: "",
    messageId: "one@google.com",
    date: NOW,
    headers: { "X-Google-Address-Confirmation": "AAAAAAAAAAAAAAAAAAAAAAAAAAA" },
  });
  const signed = key === null ? Buffer.from(raw) : await signMail(raw, key);
  const sender = "forwarding-noreply@google.com";
  const envelope = { recipient: to, sender, receivedAt: NOW, aligned: changes.aligned ?? false };
  return emlToInbound(Buffer.from(change(signed.toString())), envelope);
}
