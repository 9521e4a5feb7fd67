import {
  type EducationalContent,
  type Message,
  type ProgressData,
  type RunError,
  type RunEvents,
  type RunStatus,
  isTerminal,
  parseSequence,
} from '@throughline/sse-protocol';
import type { RunSnapshot, Section, StepSnapshot, StepStatus } from '@throughline/strategy-contract';

/** A step as the page shows it. */
export interface StepState extends StepSnapshot {
  /** What its last message said. */
  message?: string;
  /** With `skipped`: what it needed and did not have. */
  reason?: string;
}

/** A card, with the step that it explains. */
export interface StepCard {
  stepId: string;
  content: EducationalContent;
}

/** A part of the strategy that is ready. */
export interface FinishedSection {
  key: string;
  content: Section;
}

/** Text that is being written, with the message that it came in. */
export interface TextPiece {
  sequence: number;
  section: string;
  path: string;
  text: string;
}

/** Everything that the live page shows, folded from a snapshot and the messages of the run. */
export interface RunState {
  id: string;
  strategyId: string;
  status: RunStatus;
  attempt: number;
  /** Percent, 0 to 100. */
  progress: number;
  /** 1-based; 0 before the first. */
  step: number;
  steps: readonly StepState[];
  cards: readonly StepCard[];
  sections: readonly FinishedSection[];
  text: readonly TextPiece[];
  error?: RunError;
  version?: number;
  summary?: string;
  durationMs?: number;
  startedAt?: string;
  finishedAt?: string;
  /**
   * The last message that the snapshot already counts. Messages up to it are replayed for their sections and cards;
   * they don't set the state back to what it was then.
   */
  countedUpTo: number;
}

/** The state that a snapshot tells. */
export function stateOf(snapshot: RunSnapshot): RunState {
  const { lastEventId, educationalContent, createdAt: _createdAt, timeoutAt: _timeoutAt, ...shared } = snapshot;
  const current = snapshot.steps[snapshot.step - 1];
  return {
    ...shared,
    cards: educationalContent && current ? [{ stepId: current.id, content: educationalContent }] : [],
    sections: [],
    text: [],
    countedUpTo: parseSequence(lastEventId) ?? 0,
  };
}

/** A newer snapshot (after a gap, or another start), keeping what only messages carry. */
export function withSnapshot(state: RunState, snapshot: RunSnapshot): RunState {
  const fresh = stateOf(snapshot);
  return fresh.cards.reduce<RunState>((kept, card) => ({ ...kept, cards: withCard(kept, card) }), {
    ...fresh,
    cards: state.cards,
    sections: state.sections,
  });
}

/** The state after one more message. Pure. */
export function reduceRun(state: RunState, message: Message<RunEvents>): RunState {
  const sequence = parseSequence(message.id) ?? 0;
  switch (message.event) {
    case 'section':
      return withSection(state, message.data.section, message.data.content as Section);
    case 'educational':
      return {
        ...state,
        cards: withCard(state, { stepId: message.data.stepId, content: message.data.educationalContent }),
      };
    default:
      return sequence <= state.countedUpTo
        ? recall(state, message)
        : advance({ ...state, countedUpTo: sequence }, message, sequence);
  }
}

/** What a snapshot does not carry of the end of an attempt; a later attempt makes it void. */
function recall(state: RunState, message: Message<RunEvents>): RunState {
  if (message.event === 'complete') {
    return { ...state, summary: message.data.summary, durationMs: message.data.durationMs };
  }
  if (message.event !== 'status' || isTerminal(message.data.status)) return state;
  const { summary: _summary, durationMs: _durationMs, ...rest } = state;
  return rest;
}

function advance(state: RunState, message: Message<RunEvents>, sequence: number): RunState {
  switch (message.event) {
    case 'status':
      return withStatus(state, message.data.status, message.data.attempt, message.data.timestamp);
    case 'progress':
      return withProgress(state, message.data);
    case 'delta': {
      const { section, path, text } = message.data;
      return { ...state, text: [...state.text, { sequence, section, path, text }] };
    }
    case 'complete': {
      const { version, status, summary, durationMs, timestamp } = message.data;
      return { ...state, status, version, summary, durationMs, finishedAt: timestamp, text: [] };
    }
    case 'error':
      return withError(state, message.data.error, message.data.fatal);
    default:
      return state;
  }
}

function withStatus(state: RunState, status: RunStatus, attempt: number, at: string): RunState {
  const { error, finishedAt, summary, durationMs, ...rest } = state;
  const isNewAttempt = attempt > state.attempt;
  const kept = isNewAttempt ? rest : { ...rest, ...given({ error, finishedAt, summary, durationMs }) };
  const steps = isNewAttempt ? state.steps.map(reopened) : state.steps;
  const startedAt = status === 'running' && (isNewAttempt || !state.startedAt) ? at : state.startedAt;
  return {
    ...kept,
    ...given({ startedAt }),
    status,
    attempt,
    steps: isTerminal(status) ? steps.map(stopped) : steps,
    ...(isTerminal(status) ? { finishedAt: at } : {}),
  };
}

// A retry runs failed and skipped steps again; what was finished stays.
function reopened(step: StepState): StepState {
  if (step.status !== 'failed' && step.status !== 'skipped') return step;
  const { error: _error, reason: _reason, message: _message, finishedAt: _finishedAt, ...rest } = step;
  return { ...rest, status: 'pending' };
}

// No step goes on after the run's end.
function stopped(step: StepState): StepState {
  return step.status === 'running' ? { ...step, status: 'pending' } : step;
}

const STEP_STATUS: Record<ProgressData['stepStatus'], StepStatus> = {
  started: 'running',
  advanced: 'running',
  restarted: 'running',
  finished: 'finished',
  reused: 'reused',
  skipped: 'skipped',
  failed: 'failed',
};

function withProgress(state: RunState, data: ProgressData): RunState {
  const discardFrom = data.discardFrom === undefined ? undefined : parseSequence(data.discardFrom);
  return {
    ...state,
    progress: data.progress,
    step: data.step,
    steps: state.steps.map((step) => (step.id === data.stepId ? changed(step, data) : step)),
    text: discardFrom === undefined ? state.text : state.text.filter(({ sequence }) => sequence <= discardFrom),
  };
}

function changed(step: StepState, data: ProgressData): StepState {
  const { error, finishedAt: _finishedAt, reason: _reason, ...rest } = step;
  const status = STEP_STATUS[data.stepStatus];
  const isStart = data.stepStatus === 'started' || data.stepStatus === 'restarted';
  return {
    ...rest,
    status,
    message: data.message,
    ...(isStart ? { startedAt: data.timestamp } : given({ error })),
    ...(status === 'running' ? {} : { finishedAt: data.timestamp }),
    ...given({ reason: data.reason }),
  };
}

function withError(state: RunState, error: RunError, isFatal: boolean): RunState {
  const steps = state.steps.map((step) =>
    step.id === error.stepId ? { ...step, status: 'failed' as const, error } : step,
  );
  return isFatal ? { ...state, steps, error, status: 'failed' } : { ...state, steps };
}

function withSection(state: RunState, key: string, content: Section): RunState {
  const others = state.sections.filter((section) => section.key !== key);
  return {
    ...state,
    sections: [...others, { key, content }],
    text: state.text.filter(({ section }) => section !== key),
  };
}

/** One card for each step, in the order of the steps. */
function withCard({ cards, steps }: RunState, card: StepCard): readonly StepCard[] {
  const place = (stepId: string) => steps.findIndex(({ id }) => id === stepId);
  return [...cards.filter(({ stepId }) => stepId !== card.stepId), card].sort(
    (one, other) => place(one.stepId) - place(other.stepId),
  );
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the keys that have no value: an absent field is not one that is `undefined`. */
function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}
