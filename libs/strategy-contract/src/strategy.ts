import type { RunStatus } from '@throughline/sse-protocol';
import type { BriefDraft } from './brief.js';

/** A strategy, as the API shows it. */
export interface Strategy {
  id: string;
  name: string;
  brief: BriefDraft;
  createdAt: string;
  updatedAt: string;
  /** The newest run, where there is one. */
  lastRun?: { id: string; status: RunStatus; progress: number };
  /** The newest version, where there is one. */
  latestVersion?: number;
}

/** One entry of `GET /strategies/:id/versions`. */
export interface StrategyVersion {
  version: number;
  runId: string;
  status: 'succeeded' | 'succeeded_with_gaps';
  createdAt: string;
}

/** A page of a list. */
export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

/** Formats of a download. */
export const EXPORT_FORMATS = ['json', 'md', 'csv', 'ics'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Who is signed in, as `GET /session` answers. */
export interface SessionInfo {
  user: { id: string; email: string; role: 'member' | 'admin' };
  /** The transport that the operator asks clients to use. */
  transport: 'auto' | 'sse' | 'polling';
}

/** An error answer (RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: { path: string; code: string; message: string }[];
  /** With `run_active`: the run that is under way. */
  runId?: string;
}
