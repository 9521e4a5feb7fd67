import type { EducationalContent, RunError, RunStatus } from '@throughline/sse-protocol';

/** States of a step. */
export type StepStatus = 'pending' | 'running' | 'finished' | 'failed' | 'skipped' | 'reused';

/** State of one step, as the snapshot shows it. Times are RFC 3339, UTC. */
export interface StepState {
  id: string;
  title: string;
  sections: string[];
  status: StepStatus;
  startedAt?: string;
  finishedAt?: string;
  /** Why it failed. */
  error?: RunError;
  /** What it needed and did not have: on a skipped step, or on a finished one whose output is partial. */
  reason?: string;
}

/** State of a run, consistent with the log up to `lastEventId`. Times are RFC 3339, UTC. */
export interface RunSnapshot {
  id: string;
  kind: string;
  /** What the run is about; one run of a kind is active per subject. */
  subject: string;
  owner: string;
  status: RunStatus;
  /** 1 for the first try; each retry adds 1. */
  attempt: number;
  /** Percent, 0 to 100, from finished work. */
  progress: number;
  /** 1-based number of the current or last step; 0 before the first. */
  step: number;
  steps: StepState[];
  /** The card of the current step. */
  educationalContent?: EducationalContent;
  /** Cursor of the newest message. */
  lastEventId: string;
  /** What the definition's `complete` answered with. */
  result?: Record<string, unknown>;
  error?: RunError;
  createdAt: string;
  /** Start of the current attempt. */
  startedAt?: string;
  finishedAt?: string;
  /** When the current attempt fails with `run_timeout`. */
  timeoutAt?: string;
}

/** Who a run belongs to and how it stands: enough to decide on a request. */
export interface RunRecord {
  id: string;
  kind: string;
  owner: string;
  subject: string;
  status: RunStatus;
  attempt: number;
}
