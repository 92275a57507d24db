import type { Log, Summary, TaskName } from "../app.ts";

/** A task that runs every so often, and sooner when it is woken. */
export type Task = { readonly everyMs: number; readonly run: () => Promise<Summary> };

// Whoever ends a pause sees the effect within this time.
const LOOK_WHEN_PAUSED_MS = 500;

/**
 * Runs the tasks, each on its own: never twice at once, and again right away when it was woken while it ran. What a task
 * throws is logged, and the task runs again at its next time.
 *
 * @param isPaused while it says so, what runs goes on to its end and nothing begins; what was due begins afterwards
 */
export function startClock(tasks: Readonly<Record<TaskName, Task>>, log: Log, isPaused: () => boolean) {
  const loops = new Map<TaskName, Loop>();
  for (const [name, task] of Object.entries(tasks)) loops.set(name as TaskName, new Loop(name, task, log, isPaused));
  return {
    /** Runs the task soon. */
    wake: (name: TaskName): void => loops.get(name)?.wake(),
    /** Starts nothing more, and resolves when what runs has ended. */
    async stop(): Promise<void> {
      await Promise.all([...loops.values()].map((loop) => loop.stop()));
    },
  };
}

class Loop {
  readonly #name: string;
  readonly #task: Task;
  readonly #log: Log;
  readonly #isPaused: () => boolean;
  #running: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(name: string, task: Task, log: Log, isPaused: () => boolean) {
    this.#name = name;
    this.#task = task;
    this.#log = log;
    this.#isPaused = isPaused;
    this.wake();
  }

  wake(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#running ??= this.#runWhileWoken();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #runWhileWoken(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#again && !this.#stopped) {
      // Those who wake us do it in the middle of a request; they go first.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#stopped || this.#isPaused()) break;
      // Only from here on does a call come too late for this run.
      this.#again = false;
      await this.#runOnce();
    }
    this.#running = null;
    if (this.#stopped) return;
    // Woken still means paused.
    const waitMs = this.#again ? LOOK_WHEN_PAUSED_MS : this.#task.everyMs;
    this.#timer = setTimeout(() => this.wake(), waitMs);
  }

  async #runOnce(): Promise<void> {
    try {
      const summary = await this.#task.run();
      if (Object.values(summary).some((count) => count > 0))
        this.#log.info({ task: this.#name, counts: summary }, "task done");
    } catch (error) {
      this.#log.error({ err: error, task: this.#name }, "task failed");
    }
  }
}
