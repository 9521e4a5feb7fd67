import type { EducationalContent, ProgressData, RunError, RunMessageData, StepChange } from '@throughline/sse-protocol';
import type { StepDefinition, StepResult } from '../definition/run-definition.js';
import type { ResolvedRunsOptions } from '../runs-options.js';
import type { StoredMessage } from '../store/run-event.store.js';
import type { Claim, RunClaimStore, StepRow } from '../store/run-claim.store.js';
import { encodeMessage } from '../store/stored-message.js';
import { RunProgress } from './run-progress.js';
import type { RunWriter } from './run-writer.js';

type ProgressBody = Omit<ProgressData, keyof RunMessageData>;

/** Keeps the states and outputs of a run's steps, in memory and in the database, and tells each change in the log. */
export class StepJournal {
  /** Outputs of the steps that have ended, by id; each is what JSON makes of it, before a restart as after it. */
  readonly outputs: Record<string, unknown> = {};
  private readonly states = new Map<string, StepRow>();
  private readonly places = new Map<string, number>();
  private readonly progress: RunProgress;

  constructor(
    private readonly claim: Claim,
    steps: readonly StepDefinition[],
    private readonly writer: RunWriter,
    private readonly claims: RunClaimStore,
    private readonly logger: ResolvedRunsOptions['logger'],
  ) {
    for (const row of claim.steps) {
      this.states.set(row.step_key, row);
      this.places.set(row.step_key, row.position);
    }
    const weights = new Map(steps.map(({ id, weight = 1 }) => [id, weight]));
    this.progress = new RunProgress(weights, claim.progress);
    for (const step of steps) {
      if (!this.states.has(step.id) || !this.isSettled(step)) continue;
      this.progress.settle(step.id);
      const { output } = this.row(step.id);
      if (output !== null) this.outputs[step.id] = JSON.parse(output) as unknown;
    }
  }

  get rows(): StepRow[] {
    return [...this.states.values()];
  }

  /** Whether the run was made for these steps. */
  matches(steps: readonly StepDefinition[]): boolean {
    return steps.length === this.states.size && steps.every(({ id }) => this.states.has(id));
  }

  row(stepId: string): StepRow {
    const row = this.states.get(stepId);
    if (!row) throw new RangeError(`The run has no step "${stepId}".`);
    return row;
  }

  /** Whether the step needs nothing more in this attempt. */
  isSettled({ id, optional = false }: StepDefinition): boolean {
    const { status } = this.row(id);
    return status === 'finished' || status === 'reused' || status === 'skipped' || (status === 'failed' && optional);
  }

  /** Writes that the step begins, or begins again, with its card the first time. */
  async start(step: StepDefinition): Promise<void> {
    const row = this.row(step.id);
    const isAgain = row.started_seq !== null;
    const card = row.card === null ? this.makeCard(step) : undefined;
    if (isAgain) this.progress.restart();
    const body: ProgressBody = {
      ...this.describe(step, isAgain ? 'restarted' : 'started', step.title),
      ...(isAgain && { discardFrom: String(row.started_seq) }),
    };
    await this.writer.commit(async ({ append, now, transaction }) => {
      const messages = [encodeMessage(this.claim.id, 'progress', body, now)];
      if (card) messages.push(this.cardMessage(step, card, now));
      const seq = (await append(messages, body.progress)) - messages.length + 1;
      const change = {
        status: 'running',
        attempt: this.claim.attempt,
        started_seq: seq,
        started_at: now,
        finished_at: null,
        ...(card && { card: JSON.stringify(card) }),
      } as const;
      await this.claims.updateRun(transaction, this.claim, ['running', 'cancelling'], { step: row.position });
      await this.claims.updateStep(transaction, this.claim.id, step.id, change);
      Object.assign(row, change);
    });
  }

  /** What `advanced` says. */
  advance(step: StepDefinition, done: number, total: number, message: string): { data: object; progress: number } {
    const progress = this.progress.advance(step.id, done, total);
    return { data: this.describe(step, 'advanced', message), progress };
  }

  /** Writes the step's output and end. Throws {@link OutputNotJson}. */
  async finish(step: StepDefinition, result: StepResult): Promise<undefined> {
    const { output, skipped, partial } = (result as StepResult | undefined) ?? {};
    const text = output === undefined ? null : toJson(output);
    const reason = skipped ?? partial;
    const status = skipped === undefined ? 'finished' : 'skipped';
    const progress = this.progress.settle(step.id);
    const note = reason === undefined ? '' : `: ${reason}`;
    const body = {
      ...this.describe(step, status, `${step.title}${note}`),
      ...(skipped !== undefined && { reason: skipped }),
    };
    await this.end(step, body, progress, [], {
      status,
      output: text,
      reason: reason === undefined ? null : JSON.stringify(reason),
      error: null,
    });
    if (text === null) delete this.outputs[step.id];
    else this.outputs[step.id] = JSON.parse(text) as unknown;
  }

  /** Writes that a step failed which the run can do without. */
  async failOptional(step: StepDefinition, error: RunError): Promise<void> {
    const progress = this.progress.settle(step.id);
    const body = this.describe(step, 'failed', error.message);
    const now = (at: Date): StoredMessage[] => [encodeMessage(this.claim.id, 'error', { error, fatal: false }, at)];
    await this.end(step, body, progress, now, { status: 'failed', error: JSON.stringify(error), output: null });
  }

  /** The data of a step's `progress`. */
  describe(step: StepDefinition, stepStatus: StepChange, message: string): ProgressBody {
    return {
      step: this.places.get(step.id) ?? 0,
      steps: this.places.size,
      stepId: step.id,
      stepStatus,
      progress: this.progress.percent,
      message,
    };
  }

  private async end(
    step: StepDefinition,
    body: ProgressBody,
    progress: number,
    more: StoredMessage[] | ((now: Date) => StoredMessage[]),
    change: Pick<StepRow, 'status' | 'output'> & Partial<StepRow>,
  ): Promise<void> {
    await this.writer.commit(async ({ append, now, transaction }) => {
      const others = typeof more === 'function' ? more(now) : more;
      await append([encodeMessage(this.claim.id, 'progress', body, now), ...others], progress);
      const ended = { ...change, finished_at: now };
      await this.claims.updateStep(transaction, this.claim.id, step.id, ended);
      Object.assign(this.row(step.id), ended);
    });
  }

  private cardMessage(step: StepDefinition, card: EducationalContent, now: Date): StoredMessage {
    return encodeMessage(this.claim.id, 'educational', { stepId: step.id, educationalContent: card }, now);
  }

  /** A card that can't be made is no reason to fail the work that it explains. */
  private makeCard({ id, card }: StepDefinition): EducationalContent | undefined {
    if (typeof card !== 'function') return card;
    try {
      const { id: runId, attempt, subject, owner, input } = this.claim;
      return card({ runId, attempt, subject, owner, input, outputs: this.outputs });
    } catch (error) {
      this.logger.error(`The card of step "${id}" could not be made: ${String(error)}`, (error as Error).stack);
      return undefined;
    }
  }
}

/** A step's output that can't be kept. */
export class OutputNotJson extends Error {
  override readonly name = 'OutputNotJson';
  readonly code = 'output_not_json';
}

function toJson(output: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(output) as string | undefined;
  } catch (cause) {
    throw new OutputNotJson(`The output of a step is kept as JSON: ${String(cause)}`, { cause });
  }
  if (text === undefined)
    throw new OutputNotJson('The output of a step is kept as JSON: a function or symbol is none.');
  return text;
}
