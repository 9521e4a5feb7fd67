/** Streams that are opened in one turn of the event loop: a few milliseconds of work. */
const OPENINGS_PER_TURN = 32;

/**
 * Lets a herd in by and by: when thousands of clients come back at once, all their requests may be read in one turn of
 * the event loop, and whoever is connected already would wait for all of them. Without a herd it costs nothing.
 */
export class TurnQueue {
  private waiting: (() => void)[] = [];
  private admitted = 0;
  private isArmed = false;

  /** How many wait. */
  get size(): number {
    return this.waiting.length;
  }

  /** Resolves when it is this one's turn; `undefined` where it is at once. */
  enter(): Promise<void> | undefined {
    if (!this.isArmed) this.arm();
    if (this.admitted < OPENINGS_PER_TURN && this.waiting.length === 0) {
      this.admitted += 1;
      return undefined;
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private arm(): void {
    this.isArmed = true;
    setImmediate(() => this.nextTurn());
  }

  private nextTurn(): void {
    const due = this.waiting.slice(0, OPENINGS_PER_TURN);
    this.waiting = this.waiting.slice(due.length);
    this.admitted = due.length;
    this.isArmed = false;
    if (due.length > 0) this.arm();
    for (const admit of due) admit();
  }
}
