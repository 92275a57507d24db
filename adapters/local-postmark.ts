import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

import { answerAboutServer, refusalOfToken, type PostmarkSetUp } from "./local-postmark-server.ts";
import { faultOfRecipient, type Answer, type Fault } from "./postmark-faults.ts";
import {
  faultOfMessage,
  readPostmarkMessages,
  recipientsOf,
  type PostmarkMessage,
  type PostmarkResult,
} from "./postmark-message.ts";
import { returnLetter } from "./return-letter.ts";

/** A letter that would have been sent. */
export type LocalLetter = {
  /** The MessageID that the sender was given. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly createdAt: Temporal.Instant;
};

export type LocalPostmarkSettings = {
  /** Letters to addresses here come back through the webhook. */
  readonly domain: string;
  /** Posts an inbound payload to the webhook and returns its status. */
  readonly deliver: (payload: Record<string, unknown>) => Promise<number>;
  readonly now: () => Temporal.Instant;
  readonly log: { warn(fields: object, message: string): void };
  /** Whether recipients named after a fault (`406@…`, `timeout@…`) meet with it; else they are like any other. */
  readonly faults?: boolean;
  /** What the server is like that the token belongs to. */
  readonly setUp?: PostmarkSetUp;
};

/** The stand-in while it runs. `letters` gives the newest first. */
export type LocalPostmark = { readonly url: string; letters(): readonly LocalLetter[]; close(): Promise<void> };

// What a person looks at; without a bound, memory would grow with every letter.
const LETTERS_KEPT = 500;
// Postmark's own bound of a batch.
const BODY_BYTES = 50_000_000;

/**
 * Starts a stand-in of Postmark's API (`POST /email`, `POST /email/batch`, `GET /server`, `GET /webhooks`) on a free
 * loopback port. It checks and answers like the real one, sends nothing, and keeps the newest letters in memory.
 */
export async function startLocalPostmark(settings: LocalPostmarkSettings): Promise<LocalPostmark> {
  const letters: LocalLetter[] = [];
  const stop = new AbortController();
  const returning = new Set<Promise<void>>();

  const accept = (message: PostmarkMessage): PostmarkResult => {
    const fault = faultOfMessage(message);
    if (fault !== null) return { ErrorCode: 300, Message: fault };
    const letter = letterOf(message, settings.now());
    letters.unshift(letter);
    letters.splice(LETTERS_KEPT);
    for (const recipient of recipientsOf(message).filter((address) => isAt(settings.domain, address))) {
      const way = bringBack(message, letter, recipient, settings, stop.signal);
      returning.add(way);
      void way.then(() => returning.delete(way));
    }
    const { id: MessageID, createdAt } = letter;
    return { To: message.To, SubmittedAt: createdAt.toString(), MessageID, ErrorCode: 0, Message: "OK" };
  };

  const server = createServer((request, response) => {
    answerRequest(request, accept, settings)
      .then((answer) => respond(response, answer))
      // The client went away in the middle of its request.
      .catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    letters: () => [...letters],
    async close() {
      stop.abort();
      server.close();
      server.closeAllConnections();
      await Promise.all(returning);
    },
  };
}

async function answerRequest(
  request: IncomingMessage,
  accept: (message: PostmarkMessage) => PostmarkResult,
  { faults = false, setUp = {} }: LocalPostmarkSettings,
): Promise<Fault> {
  const path = request.url ?? "";
  const aboutServer = request.method === "GET" ? answerAboutServer(path, setUp) : null;
  const isSending = request.method === "POST" && (path === "/email" || path === "/email/batch");
  if (aboutServer === null && !isSending) return { status: 404, body: "" };
  const body = await bodyOf(request);
  if (body === null) return { status: 413, body: "" };
  const refusal = refusalOfToken(String(request.headers["x-postmark-server-token"] ?? ""), setUp);
  if (refusal !== null || aboutServer !== null) return refusal ?? aboutServer ?? { status: 404, body: "" };
  const messages = readPostmarkMessages(body, path === "/email/batch");
  if ("ErrorCode" in messages) return { status: 422, body: JSON.stringify(messages) };
  const fault = faults ? faultOfRecipient(messages[0]?.To ?? "") : null;
  if (fault !== null) return fault;
  const results = messages.map(accept);
  if (path === "/email/batch") return { status: 200, body: JSON.stringify(results) };
  return { status: results[0]?.ErrorCode === 0 ? 200 : 422, body: JSON.stringify(results[0]) };
}

/** The whole body as text, or null when it is too large; read to its end, so that the client hears the answer. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= BODY_BYTES) chunks.push(bytes);
  }
  return size > BODY_BYTES ? null : Buffer.concat(chunks).toString("utf8");
}

function respond(response: ServerResponse, answer: Fault): void {
  if (answer === "silence") return;
  if (answer === "half an answer") {
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": 1000 }).write('{"ErrorCode":');
    return;
  }
  const { status, body }: Answer = answer;
  response.writeHead(status, { "Content-Type": body.startsWith("<") ? "text/html" : "application/json" }).end(body);
}

function letterOf(
  { To: to, Subject: subject, TextBody: text, HtmlBody: html }: PostmarkMessage,
  createdAt: Temporal.Instant,
): LocalLetter {
  return { id: crypto.randomUUID(), to, subject, text, html, createdAt };
}

function isAt(domain: string, address: string): boolean {
  return address.toLowerCase().endsWith(`@${domain.toLowerCase()}`);
}

async function bringBack(
  message: PostmarkMessage,
  { id, createdAt }: LocalLetter,
  recipient: string,
  { deliver, log }: LocalPostmarkSettings,
  stop: AbortSignal,
): Promise<void> {
  const taken = await returnLetter({ message, messageId: id, sentAt: createdAt, recipient }, deliver, stop);
  if (!taken && !stop.aborted) log.warn({ letter: id }, "The webhook did not take a local letter; it is given up");
}
