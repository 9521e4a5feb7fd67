import type { RunError } from '@throughline/sse-protocol';
import type { RunDefinition, StepDefinition } from '../definition/run-definition.js';
import type { AbortReason } from '../run-errors.js';
import type { ResolvedRunsOptions } from '../runs-options.js';
import type { Claim, RunClaimStore, StepRow } from '../store/run-claim.store.js';
import type { SendJob } from '../store/run-announcer.js';
import { RunAbortion } from './run-abortion.js';
import { RunEnding, RunNotRunning } from './run-ending.js';
import {
  completionFailed,
  definitionChanged,
  describeFailure,
  MAX_INTERRUPTIONS,
  runTimedOut,
  stepCrashed,
} from './run-failures.js';
import { RunLost, RunWriter, type RunWriterParts } from './run-writer.js';
import { orderSteps } from './step-order.js';
import { OutputNotJson, StepJournal } from './step-journal.js';
import { runStepCode } from './step-runner.js';

/** What an execution works with. */
export interface RunExecutionParts extends RunWriterParts {
  claims: RunClaimStore;
  sendJob: SendJob;
  logger: ResolvedRunsOptions['logger'];
  runTimeoutMs: number;
}

/** Does one claimed run, from its first step that has not ended, until the run ends or the claim does. */
export class RunExecution {
  private readonly abortion = new RunAbortion();
  private readonly writer: RunWriter;
  private readonly ending: RunEnding;
  private readonly journal: StepJournal;
  private readonly steps: StepDefinition[];
  private current: StepDefinition | undefined;

  constructor(
    private readonly claim: Claim,
    private readonly definition: RunDefinition,
    private readonly parts: RunExecutionParts,
  ) {
    this.steps = orderSteps(definition.steps);
    this.writer = new RunWriter(parts, claim, () => this.abort('lost'));
    this.ending = new RunEnding(claim, this.writer, parts.claims, parts.sendJob);
    this.journal = new StepJournal(claim, this.steps, this.writer, parts.claims, parts.logger);
  }

  get epoch(): number {
    return this.claim.epoch;
  }

  /** Stops the work; what is written then depends on the reason. */
  abort(reason: AbortReason): void {
    this.abortion.abort(reason);
  }

  /**
   * Resolves when the run has ended, was released, or is another worker's. Rejects when the database failed: the run is
   * to be claimed again.
   */
  async perform(): Promise<void> {
    const { clock } = this.parts;
    const remainingMs = this.claim.timeoutAt.getTime() - clock.now();
    if (remainingMs <= 0) this.abort('timeout');
    const deadline = clock.setTimeout(() => this.abort('timeout'), Math.max(remainingMs, 0));
    try {
      await this.work();
    } catch (error) {
      if (!(error instanceof RunLost)) throw error;
    } finally {
      clock.clearTimeout(deadline);
      this.abort('lost');
      this.writer.close();
    }
  }

  private async work(): Promise<void> {
    if (this.claim.status === 'cancelling') return this.ending.cancel();
    if (!this.journal.matches(this.steps)) return this.fail(definitionChanged());
    const failure = await this.doSteps();
    switch (this.abortion.reason) {
      case undefined:
        return failure ? this.fail(failure, this.current) : this.succeed();
      case 'timeout':
        return this.fail(runTimedOut(this.parts.runTimeoutMs, this.current), this.current);
      case 'cancelled':
        return this.ending.cancel();
      case 'shutdown':
        return this.ending.release();
      case 'lost':
        if (this.writer.failed) throw this.writer.failed;
    }
  }

  /** Answers with the error that fails the run, if one does. */
  private async doSteps(): Promise<RunError | undefined> {
    for (const step of this.steps) {
      const row = this.journal.row(step.id);
      if (this.journal.isSettled(step)) continue;
      if (this.abortion.reason !== undefined) return undefined;
      this.current = step;
      const failure = await this.doStep(step, row);
      if (this.abortion.reason !== undefined) return undefined;
      if (failure && !step.optional) return failure;
      if (failure) await this.journal.failOptional(step, failure);
      this.current = undefined;
    }
    return undefined;
  }

  private async doStep(step: StepDefinition, row: StepRow): Promise<RunError | undefined> {
    if (row.status === 'running' && row.interruptions >= MAX_INTERRUPTIONS) return stepCrashed(step);
    await this.journal.start(step);
    const outcome = await runStepCode(
      step,
      { ...this.parts, claim: this.claim, outputs: this.journal.outputs, writer: this.writer, abortion: this.abortion },
      (done, total, message) => this.journal.advance(step, done, total, message),
    );
    switch (outcome.kind) {
      case 'aborted':
        return undefined;
      case 'failed':
        return this.report(step, outcome.error);
      case 'done':
        try {
          return await this.journal.finish(step, outcome.result);
        } catch (error) {
          if (error instanceof OutputNotJson) return this.report(step, error);
          throw error;
        }
    }
  }

  private async succeed(): Promise<void> {
    try {
      await this.ending.succeed(this.definition, this.journal.rows, this.journal.outputs);
    } catch (error) {
      if (error instanceof RunLost) throw error;
      if (error instanceof RunNotRunning) return this.ending.cancel();
      this.logError(`Run ${this.claim.id} (${this.claim.kind}) could not be completed`, error);
      return this.fail(completionFailed(error));
    }
  }

  private async fail(error: RunError, step?: StepDefinition): Promise<void> {
    const failed = step && { id: step.id, progress: this.journal.describe(step, 'failed', error.message) };
    try {
      await this.ending.fail(error, failed);
    } catch (thrown) {
      if (!(thrown instanceof RunNotRunning)) throw thrown;
      await this.ending.cancel();
    }
  }

  private report(step: StepDefinition, error: unknown): RunError {
    const failure = describeFailure(error, step);
    if (failure.code === 'step_failed') {
      this.logError(`Step "${step.id}" of run ${this.claim.id} (${this.claim.kind}) failed`, error);
    }
    return failure;
  }

  private logError(what: string, error: unknown): void {
    const detail = error instanceof Error ? `: ${error.message}` : `: ${String(error)}`;
    this.parts.logger.error(what + detail, error instanceof Error ? error.stack : undefined);
  }
}
