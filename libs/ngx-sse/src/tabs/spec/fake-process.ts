/** Where a task comes from. Tasks of one source keep their order; a browser promises nothing between sources. */
export type TaskSource = 'locks' | 'channel' | 'network';

/** What runs a tab: it does one task after the other, unless it is frozen or gone. */
export class FakeProcess {
  isFrozen = false;
  isDead = false;
  readonly #tasks: Record<TaskSource, (() => void)[]> = { channel: [], locks: [], network: [] };

  /** Sources with something to do. */
  get dueSources(): TaskSource[] {
    if (this.isFrozen || this.isDead) return [];
    return (Object.keys(this.#tasks) as TaskSource[]).filter((source) => this.#tasks[source].length > 0);
  }

  /** Queues a task; a frozen tab does it when it thaws, a dead one never. */
  later(source: TaskSource, task: () => void): void {
    if (!this.isDead) this.#tasks[source].push(task);
  }

  /** Nothing of what is queued happens. */
  forgetTasks(source: TaskSource = 'channel'): void {
    this.#tasks[source] = [];
  }

  runNext(source: TaskSource): void {
    this.#tasks[source].shift()?.();
  }
}
