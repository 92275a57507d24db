import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Machine, bootMachine } from "./machine.ts";

const address = /http:\/\/127\.0\.0\.1:\d+/;

const settings = [
  "npm_config_ignore_scripts=true",
  "npm_config_omit=optional",
  "npm_config_omit=dev",
  "NODE_ENV=production",
];

// What does not depend on the release of Debian is tried on one of them: setting up on the older one, the gate on the newer
// one, since CI runs it as an unprivileged user on a machine like the older. Of the tests those that start programs.
describe.each([
  { suite: "bookworm", node: "v18.", isOlder: true },
  { suite: "trixie", node: "v20.", isOlder: false },
])("a checkout on a bare Debian $suite with apt's npm", ({ suite, node, isOlder }) => {
  let machine: Machine;

  beforeAll(async () => {
    machine = await bootMachine(`npm-${suite}`, suite);
  });
  afterAll(() => machine?.remove());

  it("meets the old Node that it is to be tested with", async () => {
    expect(await machine.run("node --version")).toContain(node);
  });

  it("serves a page within a minute of the first npm start, and stops when asked", async () => {
    const started = Date.now();
    const program = await machine.start("cd wtmm && exec npm start", address);
    expect(await statusOf(`${program.found}/up`)).toBe("200");
    expect(Date.now() - started).toBeLessThan(60_000);
    expect(await program.stop()).toBe(0);
    expect(await machine.run("pgrep -u dev -f 'dist/[w]tmm' || echo none")).toBe("none\n");
  });

  it("serves a page two seconds after the next npm start", async () => {
    const started = Date.now();
    const program = await machine.start("cd wtmm && exec npm start", address);
    expect(Date.now() - started).toBeLessThan(2_000 + reachingMs);
    expect(await statusOf(`${program.found}/up`)).toBe("200");
    await program.stop();
  });

  it.each(isOlder ? settings : [])("sets itself up with %s", async (setting) => {
    await machine.run("rm -rf again && git clone -q wtmm again");
    const program = await machine.start(`cd again && exec env ${setting} npm start`, address);
    expect(await statusOf(`${program.found}/up`)).toBe("200");
    await program.stop();
  });

  it.each(isOlder ? [] : ["gcc libc6-dev"])(
    "passes the gate without root, once there is a C compiler (%s)",
    async (compiler) => {
      await machine.install(compiler);
      expect(await machine.run("cd wtmm && npm test -- test/ 2>&1")).toContain("passed: tests in ");
    },
    600_000,
  );

  function statusOf(url: string): Promise<string> {
    return machine.run(`curl --silent --output /dev/null --write-out '%{http_code}' ${url}`);
  }
});

/** Room for reaching the machine and for npm's own start, which are not the program's. */
const reachingMs = 2_000;
