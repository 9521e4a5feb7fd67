/** Keeps everything in order while the snapshot of a gap is being fetched: what comes after the gap waits for it. */
export class GapGate {
  #waiting: (() => void)[] | undefined;
  #discards = 0;

  /** Runs now, or after the snapshot, in the order of the calls. */
  run(step: () => void): void {
    if (this.#waiting) this.#waiting.push(step);
    else step();
  }

  /** Holds every later step until `snapshot` is settled; steps are dropped if it fails. */
  hold(snapshot: Promise<void>, onDone: () => void, onFailed: (cause: unknown) => void): void {
    const waiting: (() => void)[] = [];
    this.#waiting = waiting;
    void this.#watch(waiting, snapshot, onDone, onFailed);
  }

  /** Drops what waits; the outcome of the snapshot no longer matters. */
  discard(): void {
    this.#waiting = undefined;
    this.#discards += 1;
  }

  async #watch(
    waiting: (() => void)[],
    snapshot: Promise<void>,
    onDone: () => void,
    onFailed: (cause: unknown) => void,
  ): Promise<void> {
    // Another hold or a discard meanwhile: nobody waits for this snapshot any more.
    const isStale = () => this.#waiting !== waiting;
    try {
      await snapshot;
    } catch (cause) {
      if (isStale()) return;
      this.#waiting = undefined;
      return onFailed(cause);
    }
    if (isStale()) return;
    onDone();
    this.#release(waiting);
  }

  #release(waiting: (() => void)[]): void {
    this.#waiting = undefined;
    const discards = this.#discards;
    for (const step of waiting) {
      // A step may be another gap, behind which the rest waits again; or it may end the connection.
      if (this.#discards !== discards) return;
      this.run(step);
    }
  }
}
