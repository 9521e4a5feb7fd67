import type { EducationalContent, RunError, RunStatus } from '@throughline/sse-protocol';

export const STEP_STATUSES = ['pending', 'running', 'finished', 'failed', 'skipped', 'reused'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** State of one step. */
export interface StepSnapshot {
  id: string;
  title: string;
  sections: string[];
  status: StepStatus;
  startedAt?: string;
  finishedAt?: string;
  error?: RunError;
}

/** State of a run, as `GET /runs/:id` answers. */
export interface RunSnapshot {
  id: string;
  strategyId: string;
  status: RunStatus;
  attempt: number;
  /** Percent, 0 to 100. */
  progress: number;
  /** 1-based; 0 before the first. */
  step: number;
  steps: StepSnapshot[];
  educationalContent?: EducationalContent;
  lastEventId: string;
  /** The version that it made. */
  version?: number;
  error?: RunError;
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  timeoutAt?: string;
}
