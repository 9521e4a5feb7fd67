import type { Cursor } from './cursor.js';
import type { MessageData } from './message.js';

/** States of a run, in the order in which they can be reached. */
export const RUN_STATUSES = [
  'queued',
  'running',
  'cancelling',
  'succeeded',
  'succeeded_with_gaps',
  'failed',
  'cancelled',
] as const;
/** One of {@link RUN_STATUSES}. */
export type RunStatus = (typeof RUN_STATUSES)[number];

/** States in which a run does nothing more, unless it is retried. */
export const TERMINAL_RUN_STATUSES = ['succeeded', 'succeeded_with_gaps', 'failed', 'cancelled'] as const;
/** One of {@link TERMINAL_RUN_STATUSES}. */
export type TerminalRunStatus = (typeof TERMINAL_RUN_STATUSES)[number];

/** Whether a run in this state has ended. */
export function isTerminal(status: RunStatus): status is TerminalRunStatus {
  return (TERMINAL_RUN_STATUSES as readonly RunStatus[]).includes(status);
}

/** What a `progress` message says of its step. */
export const STEP_CHANGES = ['started', 'advanced', 'finished', 'reused', 'skipped', 'failed', 'restarted'] as const;
/** One of {@link STEP_CHANGES}. */
export type StepChange = (typeof STEP_CHANGES)[number];

/** What every message of a run carries. */
export interface RunMessageData extends MessageData {
  runId: string;
}

/** Each change of a run's state. */
export interface StatusData extends RunMessageData {
  status: RunStatus;
  /** 1 for the first try; each retry adds 1. */
  attempt: number;
}

/** Work was done. */
export interface ProgressData extends RunMessageData {
  /** 1-based. */
  step: number;
  steps: number;
  stepId: string;
  stepStatus: StepChange;
  /** Percent of the run, 0 to 100, from finished work only; falls only at `restarted`. */
  progress: number;
  message: string;
  /** With `restarted`: partial text after this cursor is void. */
  discardFrom?: Cursor;
  /** With `skipped`: what the step needed and did not have. */
  reason?: string;
}

/** A card that explains a step while it is being done. */
export interface EducationalContent {
  title: string;
  summary: string;
  details: string[];
  tip: string;
  sources: { title: string; year: number; url?: string }[];
}

/** Once per step and run, at the step's start. */
export interface EducationalData extends RunMessageData {
  stepId: string;
  educationalContent: EducationalContent;
}

/** A part of the result is ready. */
export interface SectionData extends RunMessageData {
  /** Its key in the document. */
  section: string;
  content: unknown;
}

/** Text is being written. */
export interface DeltaData extends RunMessageData {
  section: string;
  path: string;
  text: string;
}

/** Last message of an attempt that ended well. */
export interface CompleteData extends RunMessageData {
  strategyId: string;
  version: number;
  status: 'succeeded' | 'succeeded_with_gaps';
  summary: string;
  durationMs: number;
}

/** What went wrong, for a person and for a program. */
export interface RunError {
  code: string;
  message: string;
  retryable: boolean;
  stepId?: string;
}

/** A step failed (`fatal: false`), or the run did (`fatal: true`, last message of the attempt). */
export interface ErrorData extends RunMessageData {
  error: RunError;
  fatal: boolean;
}

/** The messages of a run, by event name. */
export interface RunEvents {
  status: StatusData;
  progress: ProgressData;
  educational: EducationalData;
  section: SectionData;
  delta: DeltaData;
  complete: CompleteData;
  error: ErrorData;
}
