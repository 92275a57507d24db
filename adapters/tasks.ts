import type { App, Summary, TaskName } from "../app.ts";
import { alarm } from "../handlers/alarm.ts";
import { compare } from "../handlers/compare.ts";
import { confirmForwarding } from "../handlers/confirm-forwarding.ts";
import { housekeeping } from "../handlers/housekeeping.ts";
import { interpret } from "../handlers/interpret.ts";
import { journal } from "../handlers/journal.ts";
import { outbox } from "../handlers/outbox.ts";
import { recoverMarked } from "../handlers/recover-marked.ts";
import { weeklyLetters } from "../handlers/weekly-letters.ts";
import { startClock, type Task } from "./clock.ts";
import type { OpenedApp } from "./open-app.ts";

type Tasks = Readonly<Record<TaskName, Task>>;
type Observe = (task: TaskName, counts: Summary) => void;

const SECOND_MS = 1_000;
const NEVER: Task = { everyMs: 3_600 * SECOND_MS, run: async () => ({}) };

/**
 * The App with the clock that a service runs by.
 *
 * @param observe is told what became of mails and letters
 */
export function startServiceTasks(idle: App, observe: Observe): OpenedApp {
  return start(idle, (app) => {
    const tasks = {
      ...commandTasks(app),
      "confirm-forwarding": { everyMs: 60 * SECOND_MS, run: () => confirmForwarding(app) },
      outbox: { everyMs: 5 * SECOND_MS, run: () => outbox(app) },
      "weekly-letters": { everyMs: 600 * SECOND_MS, run: () => weeklyLetters(app) },
      housekeeping: { everyMs: 3_600 * SECOND_MS, run: () => housekeeping(app) },
      journal: { everyMs: 3 * SECOND_MS, run: () => journal(app) },
      alarm: { everyMs: 600 * SECOND_MS, run: () => alarm(app) },
      recovery: { everyMs: 30 * SECOND_MS, run: () => recoverMarked(app) },
    };
    return {
      ...tasks,
      interpret: observed("interpret", tasks.interpret, observe),
      outbox: observed("outbox", tasks.outbox, observe),
    };
  });
}

function observed(name: TaskName, { everyMs, run }: Task, observe: Observe): Task {
  return {
    everyMs,
    run: async () => {
      const counts = await run();
      observe(name, counts);
      return counts;
    },
  };
}

/** The App as a command needs it while no service runs: mails are understood, letters wait for the service. */
export function startCommandTasks(idle: App): OpenedApp {
  return start(idle, commandTasks);
}

function commandTasks(app: App): Tasks {
  return {
    interpret: { everyMs: 5 * SECOND_MS, run: () => interpret(app) },
    compare: { everyMs: 60 * SECOND_MS, run: () => compare(app) },
    "confirm-forwarding": NEVER,
    outbox: NEVER,
    "weekly-letters": NEVER,
    housekeeping: NEVER,
    journal: NEVER,
    alarm: NEVER,
    recovery: NEVER,
  };
}

/** Closing tells what runs that it is to stop, and waits for it. */
function start(idle: App, tasksOf: (app: App) => Tasks): OpenedApp {
  const stopping = new AbortController();
  let wake = (_task: TaskName): void => {};
  const app: App = { ...idle, wake: (task) => wake(task), stopping: stopping.signal };
  const clock = startClock(tasksOf(app), app.log, () => app.maintenance() !== null);
  wake = clock.wake;
  return {
    app,
    close() {
      stopping.abort();
      return clock.stop();
    },
  };
}
