import { describe, expect, it } from "vitest";

import { serviceConfig } from "../../test/service-config.ts";
import { checkDns, type Lookup } from "./check-dns.ts";

const stop = new AbortController().signal;
const NAME = "wtmm.example.com";
const OURS = ["203.0.113.7", "2001:db8::7"];
const POSTMARK = "inbound.postmarkapp.com";

type Records = { readonly a?: string[]; readonly aaaa?: string[]; readonly mx?: string[] };

/** Name servers that know what is given of one name, and nothing else. */
function zone({ a = [], aaaa = [], mx = [] }: Records): Lookup {
  const answer = async <T>(asked: string, records: T[]): Promise<T[]> => {
    const code = asked === NAME ? "ENODATA" : "ENOTFOUND";
    if (asked !== NAME || records.length === 0) throw Object.assign(new Error(`${code} ${asked}`), { code });
    return records;
  };
  return {
    resolve4: (asked) => answer(asked, a),
    resolve6: (asked) => answer(asked, aaaa),
    resolveMx: (asked) =>
      answer(
        asked,
        mx.map((exchange) => ({ exchange, priority: 10 })),
      ),
  };
}

async function found(records: Records, addresses: readonly string[] = OURS, env: Record<string, string> = {}) {
  return checkDns(zone(records), () => addresses).look(serviceConfig(env), stop);
}

describe("the host of the pages", () => {
  it.each([
    [{ a: ["203.0.113.7"] }, OURS, "green", "leads to 203.0.113.7, this machine."],
    [{ a: ["203.0.113.7"], aaaa: ["2001:db8::7"] }, OURS, "green", "203.0.113.7 and 2001:db8::7, this machine."],
    [{ a: ["192.0.2.1"] }, OURS, "yellow", "192.0.2.1 is not this machine, which has 203.0.113.7 and 2001:db8::7."],
    [{ a: ["203.0.113.7"], aaaa: ["2001:db8::8"] }, OURS, "yellow", "2001:db8::8 is not this machine"],
    [{ a: ["192.0.2.1"] }, [], "green", "leads to 192.0.2.1; this machine has no public address of its own"],
    [{}, OURS, "red", "wtmm.example.com has no address."],
  ])("with %j on a machine that has %j is %s", async (records, addresses, state, says) => {
    const [host] = await found(records, addresses);
    expect(host).toMatchObject({ check: "DNS", state, says: expect.stringContaining(says) });
  });

  it("is told what to enter, ready to paste", async () => {
    const [host] = await found({});
    expect(host?.fix).toBe(
      "Enter in the domain's DNS:\nwtmm.example.com.  A  203.0.113.7\nwtmm.example.com.  AAAA  2001:db8::7",
    );
  });

  it("is the one of PUBLIC_URL", async () => {
    const [host] = await found({ a: OURS }, OURS, { PUBLIC_URL: "https://money.example.com:8443" });
    expect(host).toMatchObject({ state: "red", says: "money.example.com has no address." });
  });
});

it.each(["192.0.2.1", "[2001:db8::1]"])("a host that is an address itself is not asked for: %s", async (host) => {
  const [finding] = await found({}, OURS, { PUBLIC_URL: `https://${host}` });
  expect(finding).toMatchObject({ state: "green", says: `PUBLIC_URL names an address, ${host}.` });
});

describe("mail for the domain", () => {
  it.each([
    [[POSTMARK], "green", "goes to Postmark"],
    [["Inbound.PostmarkApp.com"], "green", "goes to Postmark"],
    [[], "red", "it has no MX record."],
    [["mx.example.net"], "red", "goes to mx.example.net, not to Postmark."],
    [[POSTMARK, "mx.example.net"], "yellow", "Some mail to wtmm.example.com goes to mx.example.net instead"],
  ])("that goes to %j is %s", async (mx, state, says) => {
    const [, mail] = await found({ mx });
    expect(mail).toMatchObject({ state, says: expect.stringContaining(says) });
    const record = "wtmm.example.com.  MX  10 inbound.postmarkapp.com.";
    if (state !== "green") expect(mail?.fix?.split("\n").at(-1)).toBe(record);
  });
});

it("does not take trouble for an answer", async () => {
  const trouble = async (): Promise<never> => {
    throw Object.assign(new Error("queryA ETIMEOUT"), { code: "ETIMEOUT" });
  };
  const check = checkDns({ resolve4: trouble, resolve6: trouble, resolveMx: trouble }, () => OURS);
  await expect(check.look(serviceConfig(), stop)).rejects.toThrow("ETIMEOUT");
});
