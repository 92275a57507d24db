import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

import type { App, Summary, TaskName } from "../app.ts";
import type { ServiceState } from "./libsql-service.ts";

/** A request that was answered; `route` is a pattern out of the table of routes. */
export type AnsweredRequest = {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
};

/** What is measured while a service runs. No label holds anything of a person. */
export type Metrics = {
  /** All of it in Prometheus' text format. */
  text(): Promise<string>;
  requestAnswered(request: AnsweredRequest): void;
  /** Counts what a task did, where that is worth counting. */
  taskDone(task: TaskName, counts: Summary): void;
};

// From an answer out of memory to the limit at which clients give up; a deploy may hold one up for a second.
const DURATION_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
// Anybody may send others, and each would be kept for ever.
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST"]);

/** Measures with prom-client; the only file that knows it. To be called once in a process, since it also measures that. */
export function openMetrics(app: Pick<App, "store" | "now" | "log" | "lastDump" | "journalBucket">): Metrics {
  const { store, now, log, lastDump } = app;
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: "wtmm_http_request_duration_seconds",
    help: "Time from a request's headers to its answer, by method and route.",
    labelNames: ["method", "route"],
    buckets: DURATION_BUCKETS_S,
    registers,
  });
  const requests = new Counter({
    name: "wtmm_http_requests_total",
    help: "Requests answered, by method, route and status.",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const mails = new Counter({
    name: "wtmm_mails_total",
    help: "Mails interpreted since the start, by what became of them; once more for each time it was done again.",
    labelNames: ["outcome"],
    registers,
  });
  const letters = new Counter({
    name: "wtmm_letters_total",
    help: "Attempts to send a letter since the start, by what became of them.",
    labelNames: ["result"],
    registers,
  });
  const counters: Partial<Record<TaskName, (name: string, count: number) => void>> = {
    interpret: (outcome, count) => mails.inc({ outcome }, count),
    outbox: (result, count) => letters.inc({ result }, count),
  };
  const dumpAge = new Gauge({
    name: "wtmm_last_dump_age_seconds",
    help: "Time since the last dump was made; missing when none ever was.",
    registers,
  });
  const showState = stateGauges(registers, app.journalBucket !== null);
  return {
    async text() {
      // When the store doesn't answer, the rest is needed all the more.
      const state = await store.serviceState(now()).catch((error: unknown) => {
        log.error({ err: error }, "unexpected error");
        return null;
      });
      showState(state);
      const dumpedAt = lastDump()?.lastDumpAt ?? null;
      if (dumpedAt === null) dumpAge.remove();
      else dumpAge.set((now().epochMilliseconds - dumpedAt.epochMilliseconds) / 1_000);
      return registry.metrics();
    },
    requestAnswered({ method: asked, route, status, ms }) {
      const method = METHODS.has(asked) ? asked : "other";
      durations.observe({ method, route }, ms / 1_000);
      requests.inc({ method, route, status });
    },
    taskDone(task, counts) {
      for (const [name, count] of Object.entries(counts)) counters[task]?.(name, count);
    },
  };
}

/** What the store knows; ages are asked for as they are read, so that a service that stands still shows it. */
function stateGauges(registers: Registry[], hasBucket: boolean): (state: ServiceState | null) => void {
  const gauges: readonly (readonly [name: string, help: string, value: (state: ServiceState) => number | null])[] = [
    ["wtmm_mails_waiting", "Mails that wait to be interpreted.", ({ mailsWaiting }) => mailsWaiting],
    [
      "wtmm_mails_waiting_oldest_seconds",
      "Age of the oldest mail that was not interpreted yet; 0 when there is none.",
      ({ oldestMailNotInterpretedMs: ms }) => (ms ?? 0) / 1_000,
    ],
    ["wtmm_letters_waiting", "Letters that wait to be sent.", ({ lettersWaiting }) => lettersWaiting],
    [
      "wtmm_letters_waiting_oldest_seconds",
      "Age of the oldest letter that was not sent yet; 0 when there is none.",
      ({ oldestLetterWaitingMs: ms }) => (ms ?? 0) / 1_000,
    ],
    [
      "wtmm_last_mail_age_seconds",
      "Time since the last mail came; missing when none ever did.",
      ({ lastMailAgeMs: ms }) => (ms === null ? null : ms / 1_000),
    ],
    [
      "wtmm_changes_waiting_oldest_seconds",
      "Age of the oldest change that is not in the bucket yet; 0 when there is none, missing without a bucket.",
      ({ oldestChangeWaitingMs: ms }) => (hasBucket ? (ms ?? 0) / 1_000 : null),
    ],
  ];
  const shown = gauges.map(([name, help, value]) => ({ gauge: new Gauge({ name, help, registers }), value }));
  return (state) => {
    for (const { gauge, value } of shown) {
      const found = state === null ? null : value(state);
      // A number from before would be believed.
      if (found === null) gauge.remove();
      else gauge.set(found);
    }
  };
}
