/** The state of runs does not allow what was asked. */
export class RunConflict extends Error {
  override readonly name = 'RunConflict';
  /** `run_active`: the subject has a run that has not ended, `runId`. `run_not_retryable`: it ended well. */
  readonly code: 'run_active' | 'run_not_retryable';
  readonly runId: string;

  constructor(code: RunConflict['code'], runId: string) {
    super(
      code === 'run_active'
        ? `Run ${runId} is still active: wait for its end or cancel it.`
        : `Run ${runId} ended well: there is nothing to retry. Start a new run.`,
    );
    this.code = code;
    this.runId = runId;
  }
}

/** There is no run with this id. */
export class RunNotFound extends Error {
  override readonly name = 'RunNotFound';
  readonly code = 'run_not_found';

  constructor(readonly runId: string) {
    super(`There is no run ${runId}.`);
  }
}

/** No class with `@RunHandler(kind)` is among the application's providers. */
export class RunKindUnknown extends Error {
  override readonly name = 'RunKindUnknown';
  readonly code = 'run_kind_unknown';

  constructor(readonly kind: string) {
    super(
      `No provider handles runs of kind "${kind}": decorate one with @RunHandler('${kind}') and list it as a provider.`,
    );
  }
}

/** Something was appended to the log of a run that has ended. */
export class RunEnded extends Error {
  override readonly name = 'RunEnded';
  readonly code = 'run_ended';

  constructor(readonly runId: string) {
    super(`Run ${runId} has ended: its log takes no more messages unless it is retried.`);
  }
}

/** Thrown by a step to fail with a code and a message that the client may see. */
export class StepError extends Error {
  override readonly name = 'StepError';

  /**
   * @param code for programs, in snake_case
   * @param message for people: what happened and what to do, without internals
   * @param retryable whether trying again can help
   */
  constructor(
    readonly code: string,
    message: string,
    readonly retryable = false,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Why a step's signal was aborted; the signal's `reason` carries it. */
export type AbortReason = 'cancelled' | 'timeout' | 'shutdown' | 'lost';

/** The reason of a step's aborted signal. */
export class RunAborted extends Error {
  override readonly name = 'AbortError';

  constructor(readonly code: AbortReason) {
    super(`The step was aborted: ${code}.`);
  }
}
