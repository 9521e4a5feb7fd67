import type { StepContext, StepDefinition, StepMessage, StepResult } from '../definition/run-definition.js';
import type { RunClock } from '../run-clock.js';
import { RunAborted } from '../run-errors.js';
import type { Claim } from '../store/run-claim.store.js';
import { encodeMessage } from '../store/stored-message.js';
import { stepTimedOut } from './run-failures.js';
import type { RunAbortion } from './run-abortion.js';
import type { RunWriter } from './run-writer.js';

/** How running a step's code ended. */
export type StepOutcome =
  { kind: 'done'; result: StepResult } | { kind: 'failed'; error: unknown } | { kind: 'aborted' };

/** What the engine itself sends; a step that sent one of these would break the log's order. */
const ENGINE_EVENTS = new Set(['status', 'progress', 'educational', 'complete', 'error']);

/** Says what `advanced` shows. */
export type ShowAdvance = (done: number, total: number, message: string) => { data: object; progress: number };

/** What running one step takes. */
export interface StepRunnerParts {
  claim: Claim;
  outputs: Readonly<Record<string, unknown>>;
  writer: RunWriter;
  clock: RunClock;
  abortion: RunAbortion;
}

/**
 * Runs a step's code until it ends, takes too long, or the run is aborted: then at once, whatever the code does with its
 * signal. What it emits after that is dropped.
 */
export async function runStepCode(
  step: StepDefinition,
  parts: StepRunnerParts,
  showAdvance: ShowAdvance,
): Promise<StepOutcome> {
  const { abortion, clock } = parts;
  const controller = new AbortController();
  const scope = { isOpen: true };
  let timer: unknown;
  const stopCode = (outcome: StepOutcome): StepOutcome => {
    controller.abort(new RunAborted(abortion.reason ?? 'timeout'));
    return outcome;
  };
  const tooLate = new Promise<StepOutcome>((resolve) => {
    const { timeoutMs } = step;
    if (timeoutMs === undefined) return;
    const outcome: StepOutcome = { kind: 'failed', error: stepTimedOut(timeoutMs, step.title) };
    timer = clock.setTimeout(() => resolve(stopCode(outcome)), timeoutMs);
  });
  const work = Promise.resolve()
    .then(() => step.run(makeContext(step, parts, controller.signal, scope, showAdvance)))
    .then(
      (result): StepOutcome => ({ kind: 'done', result }),
      (error: unknown): StepOutcome => ({ kind: 'failed', error }),
    );
  const aborted = abortion.whenAborted.then(() => stopCode({ kind: 'aborted' }));
  const outcome = await Promise.race([work, tooLate, aborted]);
  scope.isOpen = false;
  clock.clearTimeout(timer);
  return abortion.reason === undefined ? outcome : { kind: 'aborted' };
}

function makeContext(
  step: StepDefinition,
  { claim, outputs, writer, clock }: StepRunnerParts,
  signal: AbortSignal,
  scope: { isOpen: boolean },
  showAdvance: ShowAdvance,
): StepContext {
  const now = (): Date => new Date(clock.now());
  return {
    runId: claim.id,
    attempt: claim.attempt,
    subject: claim.subject,
    owner: claim.owner,
    input: claim.input,
    outputs,
    idempotencyKey: `${claim.id}:${claim.attempt}:${step.id}`,
    signal,
    createdAt: claim.createdAt,
    emit: (message) => {
      if (!scope.isOpen) return Promise.resolve();
      return writer.emit(toPending(claim.id, message, now()));
    },
    progress: (done, total, message) => {
      if (!scope.isOpen) return;
      const { data, progress } = showAdvance(done, total, message);
      const stored = encodeMessage(claim.id, 'progress', data, now());
      void writer.emit({ event: 'progress', key: 'advanced', progress, render: () => stored });
    },
  };
}

function toPending(runId: string, { event, data }: StepMessage, now: Date): Parameters<RunWriter['emit']>[0] {
  if (ENGINE_EVENTS.has(event)) throw new TypeError(`"${event}" is sent by the engine: a step can't emit it.`);
  const stored = encodeMessage(runId, event, data, now);
  if (event !== 'delta') return { event, render: () => stored };
  return {
    event,
    key: JSON.stringify(['delta', data.section, data.path]),
    text: data.text,
    render: (text) => encodeMessage(runId, event, { ...data, text }, now),
  };
}
