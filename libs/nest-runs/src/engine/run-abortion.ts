import type { AbortReason } from '../run-errors.js';

/** Says once, and for good, that work on a run is to stop, and why. */
export class RunAbortion {
  readonly whenAborted: Promise<AbortReason>;
  private settle: (reason: AbortReason) => void = () => undefined;
  private first: AbortReason | undefined;

  constructor() {
    this.whenAborted = new Promise((resolve) => (this.settle = resolve));
  }

  /** Why; `undefined` while work may go on. */
  get reason(): AbortReason | undefined {
    return this.first;
  }

  /** The first reason counts. */
  abort(reason: AbortReason): void {
    this.first ??= reason;
    this.settle(this.first);
  }
}
