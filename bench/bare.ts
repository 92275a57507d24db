// What the program is measured against: the least that any receiver of JSON does, alone and with storage.
// Usage: bare.ts KIND DATA_DIR; prints its port. Loads nothing but what Node brings.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";

const [kind = "", dataDir = ""] = process.argv.slice(2);

if (kind === "bareSqlite") bareSqlite();
else bare();

/** Reads and parses the body: the least that any receiver of JSON does. */
function bare(): void {
  serveBare((body, response) => {
    JSON.parse(body.toString("utf8"));
    response.end("Kept.");
  });
}

/** As bare, and stores the body with Node's own SQLite, one synced commit for all that came in one turn of the loop. */
function bareSqlite(): void {
  const db = new DatabaseSync(join(dataDir, "bare.db"));
  db.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE mails (id TEXT PRIMARY KEY, body BLOB) STRICT",
  );
  const insert = db.prepare("INSERT INTO mails VALUES (?, ?) ON CONFLICT DO NOTHING");
  let group: { id: string; body: Buffer; response: ServerResponse }[] = [];
  serveBare((body, response) => {
    const { MessageID } = JSON.parse(body.toString("utf8")) as { MessageID: string };
    group.push({ id: MessageID, body, response });
    if (group.length > 1) return;
    setImmediate(() => {
      const taken = group;
      group = [];
      db.exec("BEGIN IMMEDIATE");
      for (const mail of taken) insert.run(mail.id, mail.body);
      db.exec("COMMIT");
      for (const mail of taken) mail.response.end("Kept.");
    });
  });
}

function serveBare(answer: (body: Buffer, response: ServerResponse) => void): void {
  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () =>
      request.method === "GET" ? response.end("up\n") : answer(Buffer.concat(chunks), response),
    );
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (typeof address === "object" && address !== null) console.log(`port ${address.port}`);
  });
}
