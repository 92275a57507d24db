import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Summary, TaskName } from "../app.ts";
import { startClock, type Task } from "./clock.ts";

type Line = { level: string; fields: object; message: string };

const lines: Line[] = [];
const log = {
  info: (fields: object, message: string) => void lines.push({ level: "info", fields, message }),
  warn: (fields: object, message: string) => void lines.push({ level: "warn", fields, message }),
  error: (fields: object, message: string) => void lines.push({ level: "error", fields, message }),
};

let isPaused = false;
let clock: ReturnType<typeof startClock> | null = null;

beforeEach(() => {
  vi.useFakeTimers();
  lines.length = 0;
  isPaused = false;
});
afterEach(async () => {
  await clock?.stop();
  clock = null;
  vi.useRealTimers();
});

it("runs each task at the start, and again after each of its pauses", async () => {
  const runs = { interpret: 0, outbox: 0 };
  clock = startClock(
    tasksOf({
      interpret: every(1_000, () => (runs.interpret += 1)),
      outbox: every(3_000, () => (runs.outbox += 1)),
    }),
    log,
    () => isPaused,
  );
  expect(runs).toEqual({ interpret: 0, outbox: 0 });
  await vi.advanceTimersByTimeAsync(100);
  expect(runs).toEqual({ interpret: 1, outbox: 1 });
  await vi.advanceTimersByTimeAsync(6_000);
  expect(runs).toEqual({ interpret: 7, outbox: 3 });
});

it("pauses after a run's end, however long it took", async () => {
  const task = slowTask(1_000);
  clock = startClock(tasksOf({ interpret: task }), log, () => isPaused);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(task.begun).toBe(1);
  task.finish();
  await vi.advanceTimersByTimeAsync(999);
  expect(task.begun).toBe(1);
  await vi.advanceTimersByTimeAsync(2);
  expect(task.begun).toBe(2);
  task.finish();
});

it("runs a task soon when it is woken, once for all who woke it, and not again when its old pause is over", async () => {
  let runs = 0;
  clock = startClock(tasksOf({ interpret: every(1_000, () => (runs += 1)) }), log, () => isPaused);
  await vi.advanceTimersByTimeAsync(500);
  for (let count = 0; count < 5; count += 1) clock.wake("interpret");
  expect(runs).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(runs).toBe(2);
  await vi.advanceTimersByTimeAsync(998);
  expect(runs).toBe(2);
  await vi.advanceTimersByTimeAsync(2);
  expect(runs).toBe(3);
});

it("never runs a task twice at once; woken while it runs, it runs once more right after", async () => {
  const task = slowTask(1_000);
  clock = startClock(tasksOf({ interpret: task }), log, () => isPaused);
  await vi.advanceTimersByTimeAsync(1);
  for (let count = 0; count < 3; count += 1) clock.wake("interpret");
  await vi.advanceTimersByTimeAsync(5_000);
  expect(task).toMatchObject({ begun: 1, mostAtOnce: 1 });
  task.finish();
  await vi.advanceTimersByTimeAsync(1);
  expect(task.begun).toBe(2);
  task.finish();
  await vi.advanceTimersByTimeAsync(500);
  expect(task).toMatchObject({ begun: 2, mostAtOnce: 1 });
});

it("lets one task run while another does", async () => {
  const slow = slowTask(1_000);
  let runs = 0;
  clock = startClock(tasksOf({ interpret: slow, outbox: every(1_000, () => (runs += 1)) }), log, () => isPaused);
  await vi.advanceTimersByTimeAsync(3_500);
  expect(slow.begun).toBe(1);
  expect(runs).toBe(4);
  slow.finish();
});

it("logs what a task throws, and runs it again at its next time and when it is woken", async () => {
  const error = new Error("out of luck");
  let runs = 0;
  const failing = every(1_000, () => {
    runs += 1;
    throw error;
  });
  clock = startClock(tasksOf({ interpret: failing }), log, () => isPaused);
  await vi.advanceTimersByTimeAsync(1_500);
  clock.wake("interpret");
  await vi.advanceTimersByTimeAsync(1);
  expect(runs).toBe(3);
  const line = { level: "error", fields: { err: error, task: "interpret" }, message: "task failed" };
  expect(lines).toEqual([line, line, line]);
});

it("logs what was done, and nothing when nothing was", async () => {
  const summaries: Summary[] = [{ booked: 0 }, {}, { booked: 2, review: 0 }];
  const task = { everyMs: 1_000, run: async () => summaries.shift() ?? {} };
  clock = startClock(tasksOf({ interpret: task }), log, () => isPaused);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(lines).toEqual([
    { level: "info", fields: { task: "interpret", counts: { booked: 2, review: 0 } }, message: "task done" },
  ]);
});

it("stops when what runs has ended, and starts nothing more", async () => {
  const task = slowTask(1_000);
  clock = startClock(tasksOf({ interpret: task }), log, () => isPaused);
  await vi.advanceTimersByTimeAsync(1);
  clock.wake("interpret");
  let isStopped = false;
  const stopping = clock.stop().then(() => (isStopped = true));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(isStopped).toBe(false);
  task.finish();
  await stopping;
  expect(vi.getTimerCount()).toBe(0);
  clock.wake("interpret");
  await vi.advanceTimersByTimeAsync(5_000);
  expect(task.begun).toBe(1);
});

it("starts nothing when it is stopped before the first run began", async () => {
  let runs = 0;
  clock = startClock(tasksOf({ interpret: every(1_000, () => (runs += 1)) }), log, () => isPaused);
  const stopping = clock.stop();
  await vi.advanceTimersByTimeAsync(5_000);
  await stopping;
  expect(runs).toBe(0);
});

describe("while it is paused", () => {
  it("starts nothing, neither at its time nor woken, and what runs goes on to its end", async () => {
    const task = slowTask(1_000);
    clock = startClock(tasksOf({ interpret: task }), log, () => isPaused);
    await vi.advanceTimersByTimeAsync(1);
    isPaused = true;
    task.finish();
    await vi.advanceTimersByTimeAsync(5_000);
    clock.wake("interpret");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(task.begun).toBe(1);
  });

  it("runs what was due within a second of its end, however seldom it runs, and then at its times again", async () => {
    let runs = 0;
    isPaused = true;
    clock = startClock(tasksOf({ housekeeping: every(3_600_000, () => (runs += 1)) }), log, () => isPaused);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(runs).toBe(0);
    isPaused = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(runs).toBe(1);
    await vi.advanceTimersByTimeAsync(3_590_000);
    expect(runs).toBe(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(runs).toBe(2);
  });

  it("does not hold up a stop", async () => {
    isPaused = true;
    clock = startClock(tasksOf({}), log, () => isPaused);
    await vi.advanceTimersByTimeAsync(100);
    await clock.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});

it("keeps no process alive once it is stopped", async () => {
  clock = startClock(tasksOf({}), log, () => isPaused);
  await vi.advanceTimersByTimeAsync(100);
  await clock.stop();
  expect(vi.getTimerCount()).toBe(0);
});

/** All tasks, those that are not given idle. */
function tasksOf(tasks: Partial<Record<TaskName, Task>>): Record<TaskName, Task> {
  const idle = every(60_000, () => undefined);
  return {
    interpret: idle,
    compare: idle,
    "confirm-forwarding": idle,
    outbox: idle,
    "weekly-letters": idle,
    housekeeping: idle,
    journal: idle,
    alarm: idle,
    recovery: idle,
    ...tasks,
  };
}

function every(everyMs: number, run: () => unknown): Task {
  return {
    everyMs,
    run: async () => {
      run();
      return {};
    },
  };
}

/** A task whose runs end when they are told to. */
function slowTask(everyMs: number) {
  let end = Promise.withResolvers<void>();
  let running = 0;
  const task = {
    everyMs,
    begun: 0,
    mostAtOnce: 0,
    async run(): Promise<Summary> {
      task.begun += 1;
      running += 1;
      task.mostAtOnce = Math.max(task.mostAtOnce, running);
      await end.promise;
      running -= 1;
      return {};
    },
    finish() {
      end.resolve();
      end = Promise.withResolvers();
    },
  };
  return task;
}
