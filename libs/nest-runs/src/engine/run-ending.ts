import { randomUUID } from 'node:crypto';
import type { RunError, RunStatus } from '@throughline/sse-protocol';
import type { Transaction } from 'kysely';
import type { RunDefinition } from '../definition/run-definition.js';
import { toStepState } from '../store/run-snapshot.store.js';
import type { Claim, RunClaimStore, StepRow } from '../store/run-claim.store.js';
import type { RunTransaction } from '../store/run-tables.js';
import { encodeMessage, encodeStatus } from '../store/stored-message.js';
import type { SendJob } from '../store/run-announcer.js';
import { RunLost, type RunCommit, type RunWriter } from './run-writer.js';

/** The run is not running any more: a cancel was first. */
export class RunNotRunning extends Error {
  override readonly name = 'RunNotRunning';
}

/** A step that fails its run. */
export interface FailedStep {
  id: string;
  /** Data of its last `progress`. */
  progress: object;
}

/** Writes how a claim ends, each in one transaction under the claim's epoch, so that it is written once. */
export class RunEnding {
  constructor(
    private readonly claim: Claim,
    private readonly writer: RunWriter,
    private readonly claims: RunClaimStore,
    private readonly sendJob: SendJob,
  ) {}

  /**
   * The run ends well. The definition's `complete` is part of the transaction; what it throws is thrown, and nothing is
   * written then. Throws {@link RunNotRunning} if a cancel was first.
   */
  async succeed(
    definition: RunDefinition,
    steps: readonly StepRow[],
    outputs: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const { claim } = this;
    const hasGaps = steps.some(({ status, reason }) => status === 'skipped' || status === 'failed' || reason !== null);
    const status = hasGaps ? 'succeeded_with_gaps' : 'succeeded';
    await this.writer.commit(async (commit) => {
      await this.end(commit, ['running'], status, null);
      const result = await definition.complete?.({
        transaction: commit.transaction as unknown as Transaction<unknown>,
        run: this.completedRun(status, commit.now),
        outputs,
        steps: steps.map(toStepState),
      });
      if (result) await this.update(commit.transaction, [status], { result: JSON.stringify(result) });
      await commit.appendStatus(encodeStatus(claim.id, status, claim.attempt, commit.now));
      const durationMs = commit.now.getTime() - claim.startedAt.getTime();
      const data = { summary: '', ...result, status, durationMs };
      await commit.append([encodeMessage(claim.id, 'complete', data, commit.now)]);
    });
  }

  /** The run fails, because of a step where one is named. Throws {@link RunNotRunning} if a cancel was first. */
  async fail(error: RunError, step?: FailedStep): Promise<void> {
    const { claim } = this;
    await this.writer.commit(async (commit) => {
      await this.end(commit, ['running'], 'failed', error);
      if (step) {
        await commit.append([encodeMessage(claim.id, 'progress', step.progress, commit.now)]);
        await this.claims.failStep(commit.transaction, claim.id, step.id, error, commit.now);
      }
      await commit.appendStatus(encodeStatus(claim.id, 'failed', claim.attempt, commit.now));
      await commit.append([encodeMessage(claim.id, 'error', { error, fatal: true }, commit.now)]);
    });
  }

  /** The run ends as cancelled; finished steps are kept. */
  async cancel(): Promise<void> {
    const { claim } = this;
    await this.writer.commit(async (commit) => {
      const change = { status: 'cancelled', finished_at: commit.now } as const;
      if (!(await this.update(commit.transaction, ['cancelling'], change))) throw new RunLost(claim.id);
      await this.claims.resetRunningSteps(commit.transaction, claim.id);
      await commit.appendStatus(encodeStatus(claim.id, 'cancelled', claim.attempt, commit.now));
    });
  }

  /** This node gives the run up in order: a new job lets another go on at once. */
  async release(): Promise<void> {
    const { claim } = this;
    await this.writer.commit(async ({ transaction }) => {
      const jobId = randomUUID();
      const change = { job_id: jobId, is_released: true };
      if (!(await this.update(transaction, ['running', 'cancelling'], change))) throw new RunLost(claim.id);
      await this.sendJob(transaction, claim.kind, jobId, claim.id);
    });
  }

  private async end(
    { transaction, now }: RunCommit,
    from: readonly RunStatus[],
    status: RunStatus,
    error: RunError | null,
  ): Promise<void> {
    const change = { status, finished_at: now, error: error && JSON.stringify(error) };
    if (!(await this.update(transaction, from, change)))
      throw new RunNotRunning(`Run ${this.claim.id} is not running.`);
  }

  private update(
    transaction: RunTransaction,
    from: readonly RunStatus[],
    change: Parameters<RunClaimStore['updateRun']>[3],
  ): Promise<boolean> {
    return this.claims.updateRun(transaction, this.claim, from, change);
  }

  private completedRun(status: 'succeeded' | 'succeeded_with_gaps', finishedAt: Date) {
    const { id, kind, owner, subject, attempt, input, createdAt, previousResult } = this.claim;
    return {
      id,
      kind,
      owner,
      subject,
      attempt,
      input,
      status,
      createdAt,
      finishedAt,
      ...(previousResult && { previousResult }),
    };
  }
}
