import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { Transform } from "node:stream";

/** What happens on the way. */
export type Trouble = {
  /** Breaks a connection off once so many bytes went up on it, this many times. */
  cutAfter: number;
  cuts: number;
  /** Breaks off the connection on which the byte goes that is this many of all that went up, or came down, once. */
  cutOnceUp: number;
  cutOnceDown: number;
  /** Breaks off the connection on which such a request goes, once: before the service hears of it, or when it has answered. */
  cutRequest: RegExp | null;
  cutAnswer: RegExp | null;
  /** Passes nothing on any more, on any connection, once so many bytes in all went up, or came down; all stay open. */
  silentAfterUp: number;
  silentAfterDown: number;
  /** Bytes that go up in a second on one connection. */
  upPerSecond: number;
  /** Changes one byte of every connection that brings back more than so many. */
  flipAfter: number;
};

const NONE: Trouble = {
  ...{ cutAfter: Infinity, cuts: 0, cutOnceUp: Infinity, cutOnceDown: Infinity, cutRequest: null, cutAnswer: null },
  ...{ silentAfterUp: Infinity, silentAfterDown: Infinity, upPerSecond: Infinity, flipAfter: Infinity },
};

const HEAD_BYTES = 1_000;
// What a service says before it is sent a body.
const CONTINUE = /^HTTP\/1\.1 100 /;

/** A line to a service on which things go wrong as they are set. */
export type TcpProxy = {
  readonly url: string;
  /** Sets all trouble anew; what is not named does not happen. */
  set(trouble: Partial<Trouble>): void;
  /** How many bytes went up since it was set. */
  bytesUp(): number;
  /** How many connections it broke off since. */
  cutsMade(): number;
  close(): void;
};

/** Opens a line to where a URL leads. */
export async function startProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  let trouble = { ...NONE };
  let [bytesUp, bytesDown, cutsMade] = [0, 0, 0];
  const isSilent = (): boolean => bytesUp > trouble.silentAfterUp || bytesDown > trouble.silentAfterDown;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const service = connect(Number(port), hostname);
    for (const socket of [client, service]) {
      open.add(socket);
      socket.on("close", () => open.delete(socket)).on("error", () => end());
    }
    const end = (): void => {
      client.destroy();
      service.destroy();
    };
    const cut = (): void => {
      cutsMade += 1;
      client.resetAndDestroy();
      service.destroy();
    };
    let up = 0;
    let isAnswerCut = false;
    const uphill = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        up += chunk.length;
        bytesUp += chunk.length;
        if (isSilent()) return;
        if (up > trouble.cutAfter && trouble.cuts > 0) {
          trouble.cuts -= 1;
          return cut();
        }
        if (bytesUp > trouble.cutOnceUp) {
          trouble.cutOnceUp = Infinity;
          return cut();
        }
        if (isFor(trouble.cutRequest, chunk)) {
          trouble.cutRequest = null;
          return cut();
        }
        if (isFor(trouble.cutAnswer, chunk)) {
          trouble.cutAnswer = null;
          isAnswerCut = true;
        }
        setTimeout(() => done(null, chunk), (chunk.length / trouble.upPerSecond) * 1_000);
      },
    });
    let down = 0;
    const downhill = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const place = trouble.flipAfter - down;
        down += chunk.length;
        bytesDown += chunk.length;
        if (isSilent()) return;
        if (isAnswerCut && !isFor(CONTINUE, chunk)) return cut();
        if (bytesDown > trouble.cutOnceDown) {
          trouble.cutOnceDown = Infinity;
          return cut();
        }
        if (place >= 0 && place < chunk.length) chunk[place] = (chunk[place] ?? 0) ^ 1;
        done(null, chunk);
      },
    });
    client.pipe(uphill).pipe(service);
    service.pipe(downhill).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set(change) {
      trouble = { ...NONE, ...change };
      [bytesUp, bytesDown, cutsMade] = [0, 0, 0];
    },
    bytesUp: () => bytesUp,
    cutsMade: () => cutsMade,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** The head of a request comes in one piece, at the beginning of it. */
function isFor(head: RegExp | null, chunk: Buffer): boolean {
  return head?.test(chunk.toString("latin1", 0, HEAD_BYTES)) === true;
}
