import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A mail that this Postmark has. */
export type StoredMail = {
  readonly id: string;
  readonly receivedAt: Temporal.Instant;
  status: "processed" | "failed" | "scheduled" | "queued" | "blocked";
  /** What it posts to the webhook; null for a mail that it will not bring again. */
  readonly webhook: Record<string, unknown> | null;
  /** What it still knows of the mail beside its id; null when it forgot that. */
  readonly details: Record<string, unknown> | null;
};

/** How one request goes wrong. */
export type ArchiveFault = number | "silence" | "half an answer" | "a page" | "a hundred megabytes" | "another place";

const TOKEN = "01234567-89ab-cdef-0123-456789abcdef";
const RETENTION = { hours: 45 * 24 };
const ZONE = "America/New_York";

/** Postmark's inbound API on loopback, with the mails that a test gives it. */
export type PostmarkArchive = Awaited<ReturnType<typeof startPostmarkArchive>>;

/**
 * Starts it. It answers as https://postmarkapp.com/developer/api/messages-api says: the newest first, at most `page` at a
 * time and `reach` in all, times in New York and both ends in, only what was processed unless a status is asked for,
 * nothing older than 45 days.
 *
 * @param post brings a body to the webhook and gives the answer's status
 */
export async function startPostmarkArchive(options: {
  readonly now: () => Temporal.Instant;
  readonly post: (body: Record<string, unknown>) => Promise<number>;
  readonly page?: number;
  readonly reach?: number;
  /** Where test machines reach this host; else nobody but this host does. */
  readonly host?: string;
}) {
  const { now, post, page = 500, reach = 10_000, host = "127.0.0.1" } = options;
  const mails: StoredMail[] = [];
  const requests: string[] = [];
  const posted = new Set<Promise<void>>();
  const faults: ArchiveFault[] = [];
  const on = { search: (_query: URLSearchParams): void => {} };

  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
    requests.push(`${incoming.method ?? ""} ${url.pathname}${url.search}`);
    const fault = faults.shift();
    if (fault !== undefined) return misbehave(fault, outgoing);
    if (incoming.headers["x-postmark-server-token"] !== TOKEN)
      return answer(outgoing, 401, { ErrorCode: 10, Message: "No." });
    return route(url, incoming, outgoing);
  });

  function route(url: URL, incoming: IncomingMessage, outgoing: ServerResponse): void {
    if (incoming.method === "GET" && url.pathname === "/messages/inbound") return search(url.searchParams, outgoing);
    const [, id = "", call] = /^\/messages\/inbound\/([^/]+)\/(details|retry)$/.exec(url.pathname) ?? [];
    const mail = kept().find((each) => each.id === decodeURIComponent(id));
    if (call === undefined) return answer(outgoing, 404, { ErrorCode: 404, Message: "There is no such call." });
    if (mail === undefined || mail.details === null) return unknown(outgoing);
    if (call === "details") return answer(outgoing, 200, { MessageID: mail.id, ...mail.details, Status: mail.status });
    return retry(mail, outgoing);
  }

  function search(query: URLSearchParams, outgoing: ServerResponse): void {
    on.search(query);
    const [count, offset] = [Number(query.get("count")), Number(query.get("offset"))];
    if (!(count >= 1 && count <= page) || !(offset >= 0) || count + offset > reach) {
      return answer(outgoing, 422, { ErrorCode: 700, Message: "Count and offset are out of range." });
    }
    const from = instantIn(query.get("fromdate"));
    const to = instantIn(query.get("todate"));
    const found = kept()
      .filter(({ status }) => status === (query.get("status") ?? "processed"))
      .filter(({ receivedAt }) => from === null || Temporal.Instant.compare(receivedAt, from) >= 0)
      .filter(({ receivedAt }) => to === null || Temporal.Instant.compare(receivedAt, to) <= 0)
      .toSorted((a, b) => Temporal.Instant.compare(b.receivedAt, a.receivedAt));
    const InboundMessages = found
      .slice(offset, offset + count)
      .map(({ id, status }) => ({ MessageID: id, Status: status }));
    answer(outgoing, 200, { TotalCount: found.length, InboundMessages });
  }

  function retry(mail: StoredMail, outgoing: ServerResponse): void {
    const { webhook } = mail;
    if (webhook === null) return answer(outgoing, 422, { ErrorCode: 701, Message: "It can't be tried again." });
    answer(outgoing, 200, { ErrorCode: 0, Message: `Successfully rescheduled failed message: ${mail.id}.` });
    const bringing = post(webhook).then(
      (status) => void (mail.status = status === 200 ? "processed" : "scheduled"),
      () => void (mail.status = "scheduled"),
    );
    posted.add(bringing.finally(() => posted.delete(bringing)));
  }

  function kept(): StoredMail[] {
    const oldest = now().subtract(RETENTION);
    return mails.filter(({ receivedAt }) => Temporal.Instant.compare(receivedAt, oldest) >= 0);
  }

  await once(server.listen(0, host), "listening");
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    settings: { token: TOKEN, apiUrl: url, requestsPerSecond: 10_000, waitMs: 1, timeoutMs: 3_000 },
    limits: { page, reach },
    mails,
    /** Method, path and query of each request. */
    requests,
    /** What the next requests meet, one each. */
    faults,
    /** What happens when it is asked for a list. */
    on,
    async close() {
      await Promise.all(posted);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function instantIn(text: string | null): Temporal.Instant | null {
  return text === null ? null : Temporal.PlainDateTime.from(text).toZonedDateTime(ZONE).toInstant();
}

function answer(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function unknown(outgoing: ServerResponse): void {
  answer(outgoing, 422, { ErrorCode: 701, Message: "This message was not found." });
}

function misbehave(fault: ArchiveFault, outgoing: ServerResponse): void {
  if (fault === "silence") return;
  if (fault === "half an answer")
    return void outgoing.writeHead(200, { "content-length": "1000" }).write('{"TotalCount":');
  if (fault === "a page") return void outgoing.writeHead(200).end("<html>Sign in to the airport's net</html>");
  if (fault === "another place") return void outgoing.writeHead(307, { location: "/elsewhere" }).end();
  if (typeof fault === "number") return answer(outgoing, fault, { ErrorCode: fault, Message: "Not now." });
  outgoing.writeHead(200);
  const million = Buffer.alloc(1024 * 1024, " ");
  const more = (left: number): void => {
    if (left === 0 || outgoing.destroyed) outgoing.end();
    else outgoing.write(million, () => more(left - 1));
  };
  more(100);
}
