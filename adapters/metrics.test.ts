import { DatabaseSync } from "node:sqlite";

import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

import { interpret } from "../handlers/interpret.ts";
import { handle } from "../router.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { delivery, post } from "../test/requests.ts";
import { openMetrics, type Metrics } from "./metrics.ts";

let app: FakeApp;
let jane: TestPerson;
let metrics: Metrics;
let isStoreDown = false;
let lastDumpAt: Temporal.Instant | null = null;

beforeAll(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
  const serviceState: FakeApp["store"]["serviceState"] = (at) =>
    isStoreDown ? Promise.reject(new Error("gone")) : app.store.serviceState(at);
  const lastDump = () => ({ state: "done" as const, startedAt: app.now(), reason: null, lastDumpAt });
  const journalBucket = { isReady: () => false, keep: async () => false, close: () => {} };
  metrics = openMetrics({ ...app, store: { ...app.store, serviceState }, lastDump, journalBucket });
});
beforeEach(() => {
  isStoreDown = false;
});
afterAll(() => app.close());

it("counts requests by method, route and status", async () => {
  for (const status of [200, 200, 503]) request({ status });
  expect(await line('wtmm_http_requests_total{method="POST",route="/webhook/inbound",status="200"}')).toBe("2");
  expect(await line('wtmm_http_requests_total{method="POST",route="/webhook/inbound",status="503"}')).toBe("1");
});

it("tells how long requests took, in seconds", async () => {
  for (const ms of [3, 40, 20_000]) request({ method: "GET", route: "/dashboard", ms });
  const histogram = "wtmm_http_request_duration_seconds";
  const bucket = (le: string) => line(`${histogram}_bucket{le="${le}",method="GET",route="/dashboard"}`);
  expect(await Promise.all(["0.0025", "0.005", "0.05", "10", "+Inf"].map(bucket))).toEqual(["0", "1", "2", "2", "3"]);
  expect(await line(`${histogram}_sum{method="GET",route="/dashboard"}`)).toBe("20.043");
});

it("keeps no method that anybody may think of", async () => {
  for (const method of ["PROPFIND", "M-SEARCH"]) request({ method, status: 405 });
  expect(await line('wtmm_http_requests_total{method="other",route="/webhook/inbound",status="405"}')).toBe("2");
  expect(await metrics.text()).not.toMatch(/PROPFIND|M-SEARCH/);
});

it("counts mails by what became of them and letters by what came of sending them, and nothing else that tasks do", async () => {
  const mail = mailTo(jane.alertAddress, CHASE);
  await handle(delivery(mail), app);
  await handle(delivery({ ...mail, MessageID: "another-route" }), app);
  metrics.taskDone("interpret", await interpret(app));
  metrics.taskDone("outbox", { sent: 2, delayed: 0, refused: 1 });
  metrics.taskDone("housekeeping", { unknownMailsDropped: 7 });
  const text = await metrics.text();
  expect(text.match(/^wtmm_(mails|letters)_total.*$/gm)).toEqual([
    'wtmm_mails_total{outcome="booked"} 1',
    'wtmm_mails_total{outcome="duplicate"} 1',
    'wtmm_letters_total{result="sent"} 2',
    'wtmm_letters_total{result="delayed"} 0',
    'wtmm_letters_total{result="refused"} 1',
  ]);
  expect(text).not.toContain("unknownMailsDropped");
});

it("tells how old the last dump is, and nothing before there is one", async () => {
  expect(await line("wtmm_last_dump_age_seconds")).toBe(undefined);
  lastDumpAt = app.now().subtract({ hours: 2 });
  expect(await line("wtmm_last_dump_age_seconds")).toBe("7200");
});

it("tells how long the oldest change has not been in the bucket", async () => {
  const database = new DatabaseSync(app.file);
  database.exec("UPDATE journal SET at = at - 90000");
  database.close();
  expect(Number(await line("wtmm_changes_waiting_oldest_seconds"))).toBeGreaterThanOrEqual(90);
  await app.store.forgetAllChanges();
  expect(await line("wtmm_changes_waiting_oldest_seconds")).toBe("0");
});

it("tells what waits and for how long as it is asked, and nothing from before while the store is down", async () => {
  await handle(delivery(mailTo(jane.alertAddress, CHASE)), app);
  await handle(post("/signup", { email: "joe@example.com" }), app);
  app.tick({ seconds: 90 });
  const names = ["wtmm_mails_waiting", "wtmm_letters_waiting"].flatMap((name) => [name, `${name}_oldest_seconds`]);
  expect(await Promise.all([...names, "wtmm_last_mail_age_seconds"].map(line))).toEqual(["1", "90", "1", "90", "90"]);
  isStoreDown = true;
  expect(await Promise.all(names.map(line))).toEqual([undefined, undefined, undefined, undefined]);
  expect(await line("process_resident_memory_bytes")).toMatch(/^\d+$/);
  expect(app.logged).toContainEqual(expect.objectContaining({ level: "error" }));
  isStoreDown = false;
  await interpret(app);
  expect(await Promise.all(names.slice(0, 2).map(line))).toEqual(["0", "0"]);
});

it("measures the process: the event loop's delay, memory, garbage collection", async () => {
  const text = await metrics.text();
  for (const name of ["nodejs_eventloop_lag_p99_seconds", "nodejs_heap_size_used_bytes", "nodejs_gc_duration_seconds"])
    expect(text).toContain(`# TYPE ${name} `);
});

function request(parts: { method?: string; route?: string; status?: number; ms?: number }): void {
  metrics.requestAnswered({ method: "POST", route: "/webhook/inbound", status: 200, ms: 1, ...parts });
}

/** The value of a sample, or undefined when there is none. */
async function line(sample: string): Promise<string | undefined> {
  const found = (await metrics.text()).split("\n").find((each) => each.startsWith(`${sample} `));
  return found?.slice(sample.length + 1);
}
