import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { rowsOf } from "../test/database.ts";
import { fakeApp, type FakeApp } from "../test/fake-app.ts";
import { delivery } from "../test/requests.ts";
import { events } from "./events.ts";

const BOUNCE = { RecordType: "Bounce", MessageID: "sent-1", Email: "jane@example.com", Type: "HardBounce" };

let app: FakeApp;

beforeEach(async () => {
  app = await fakeApp();
});
afterEach(() => app.close());

describe("POST /webhook/events", () => {
  it("keeps what the provider says, byte for byte, and the same event once", async () => {
    for (let time = 0; time < 2; time += 1) expect((await send(BOUNCE)).status).toBe(200);
    await send({ ...BOUNCE, Type: "SpamComplaint" });
    expect(await keptTexts()).toEqual([JSON.stringify(BOUNCE), JSON.stringify({ ...BOUNCE, Type: "SpamComplaint" })]);
  });

  it.each(["not JSON", "\u0000\ufffd", "[]"])("keeps %j, which nobody understands yet", async (body) => {
    expect((await send(body)).status).toBe(200);
    expect(await keptTexts()).toEqual([body]);
  });

  it("takes no mail for an event and no event for a mail", async () => {
    await send(BOUNCE);
    expect(await rowsOf(app, "mails")).toEqual([]);
    expect(app.woken).toEqual([]);
  });

  it("refuses an empty body, and a caller without the secret", async () => {
    await expect(send("")).rejects.toMatchObject({ code: "invalid", message: "The request has no body." });
    await expect(send(BOUNCE, "postmark:wrong-password")).rejects.toMatchObject({ code: "unauthorized" });
    expect(await keptTexts()).toEqual([]);
  });
});

function send(body: unknown, credential?: string): Promise<Response> {
  return events(delivery(body, credential, "/webhook/events"), app);
}

async function keptTexts(): Promise<string[]> {
  const rows = await rowsOf(app, "provider_events");
  return rows
    .map(([, , payload]) => Buffer.from(String(payload), "hex").toString())
    .toSorted((a, b) => a.length - b.length);
}
