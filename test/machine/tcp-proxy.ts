import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { Transform } from "node:stream";

/** What happens on the way. */
export type Trouble = {
  /** Breaks a connection off once so many bytes went up on it, this many times. */
  cutAfter: number;
  cuts: number;
  /** Bytes that go up in a second on one connection. */
  upPerSecond: number;
  /** Changes one byte of every connection that brings back more than so many. */
  flipAfter: number;
};

const NONE: Trouble = { cutAfter: Infinity, cuts: 0, upPerSecond: Infinity, flipAfter: Infinity };

/** A line to a service on which things go wrong as they are set. */
export type TcpProxy = {
  readonly url: string;
  /** Sets all trouble anew; what is not named does not happen. */
  set(trouble: Partial<Trouble>): void;
  /** How many bytes went up since it was set. */
  bytesUp(): number;
  close(): void;
};

/** Opens a line to where a URL leads. */
export async function startProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  let trouble = { ...NONE };
  let bytesUp = 0;
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
    let up = 0;
    const uphill = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        up += chunk.length;
        bytesUp += chunk.length;
        if (up > trouble.cutAfter && trouble.cuts > 0) {
          trouble.cuts -= 1;
          client.resetAndDestroy();
          return void service.destroy();
        }
        setTimeout(() => done(null, chunk), (chunk.length / trouble.upPerSecond) * 1_000);
      },
    });
    let down = 0;
    const downhill = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const place = trouble.flipAfter - down;
        down += chunk.length;
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
      bytesUp = 0;
    },
    bytesUp: () => bytesUp,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
