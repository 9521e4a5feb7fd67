/**
 * A run's progress, from finished work only: the weights of the steps that have ended, and of the running one the part
 * that it says is done. It is 100 only when every step has ended.
 */
export class RunProgress {
  private readonly total: number;
  private readonly settled = new Set<string>();
  private fraction = 0;

  /** @param shown what was shown last: nothing but a restart shows less */
  constructor(
    private readonly weights: ReadonlyMap<string, number>,
    private shown: number,
  ) {
    this.total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  }

  /** Percent that is shown now. */
  get percent(): number {
    return this.shown;
  }

  /** A step starts again: what was shown of it is taken back. */
  restart(): number {
    this.fraction = 0;
    this.shown = this.compute();
    return this.shown;
  }

  /** The running step says that `done` of `total` is done. */
  advance(stepId: string, done: number, total: number): number {
    const share = total > 0 ? Math.min(Math.max(done / total, 0), 1) : 0;
    this.fraction = Math.max(this.fraction, share) || 0;
    return this.show(Math.min(this.compute(stepId), 99));
  }

  /** A step has ended, well or with a gap. */
  settle(stepId: string): number {
    this.settled.add(stepId);
    this.fraction = 0;
    return this.show(this.compute());
  }

  private show(percent: number): number {
    this.shown = Math.max(this.shown, percent);
    return this.shown;
  }

  private compute(runningId?: string): number {
    if (this.settled.size === this.weights.size) return 100;
    let done = 0;
    for (const id of this.settled) done += this.weights.get(id) ?? 0;
    if (runningId !== undefined) done += (this.weights.get(runningId) ?? 0) * this.fraction;
    return this.total > 0 ? Math.min(Math.floor((done / this.total) * 100), 99) : 0;
  }
}
