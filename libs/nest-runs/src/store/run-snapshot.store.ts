import type { EducationalContent, RunError, RunStatus } from '@throughline/sse-protocol';
import { sql, type Selectable } from 'kysely';
import type { RunRecord, RunSnapshot, StepState } from '../run-snapshot.js';
import type { RunDatabase, RunStepTable, RunTable, RunTransaction } from './run-tables.js';

/** Which runs to list; newest first. */
export interface RunFilter {
  owner?: string;
  subjects?: readonly string[];
  kind?: string;
  statuses?: readonly RunStatus[];
  /** Only the newest run of each subject. Default false. */
  latestPerSubject?: boolean;
  /** Default 100. */
  limit?: number;
}

type RunRow = Omit<Selectable<RunTable>, 'input' | 'job_id' | 'epoch' | 'is_released' | 'trimmed_seq' | 'touched_at'>;
type StepRow = Pick<
  Selectable<RunStepTable>,
  | 'run_id'
  | 'step_key'
  | 'position'
  | 'title'
  | 'sections'
  | 'status'
  | 'error'
  | 'reason'
  | 'card'
  | 'started_at'
  | 'finished_at'
>;

const RUN_COLUMNS = [
  'id',
  'kind',
  'owner',
  'subject',
  'status',
  'attempt',
  'last_seq',
  'progress',
  'step',
  'result',
  'error',
  'created_at',
  'started_at',
  'finished_at',
  'timeout_at',
] as const satisfies readonly (keyof RunRow)[];

/** Reads how runs stand. Each answer is of one instant, so it fits the log up to its `lastEventId`. */
export class RunSnapshotStore {
  async find(db: RunDatabase | RunTransaction, id: string): Promise<RunRecord | undefined> {
    return db
      .selectFrom('run')
      .where('id', '=', id)
      .select(['id', 'kind', 'owner', 'subject', 'status', 'attempt'])
      .executeTakeFirst();
  }

  async status(db: RunDatabase, id: string): Promise<{ status: RunStatus; lastSeq: number } | undefined> {
    const row = await db.selectFrom('run').where('id', '=', id).select(['status', 'last_seq']).executeTakeFirst();
    return row && { status: row.status, lastSeq: row.last_seq };
  }

  async snapshot(db: RunDatabase | RunTransaction, id: string): Promise<RunSnapshot | undefined> {
    const [snapshot] = await this.read(db, (query) => query.where('id', '=', id));
    return snapshot;
  }

  async list(db: RunDatabase, filter: RunFilter): Promise<RunSnapshot[]> {
    const { owner, subjects, kind, statuses, latestPerSubject = false, limit = 100 } = filter;
    if (subjects?.length === 0 || statuses?.length === 0) return [];
    return this.read(db, (query) => {
      let narrowed = query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit);
      if (owner !== undefined) narrowed = narrowed.where('owner', '=', owner);
      if (kind !== undefined) narrowed = narrowed.where('kind', '=', kind);
      if (subjects) narrowed = narrowed.where('subject', 'in', [...subjects]);
      if (statuses) narrowed = narrowed.where('status', 'in', [...statuses]);
      if (latestPerSubject) {
        narrowed = narrowed.where(
          sql<boolean>`not exists (select 1 from run newer where newer.subject = run.subject and newer.kind = run.kind
            and (newer.created_at, newer.id) > (run.created_at, run.id))`,
        );
      }
      return narrowed;
    });
  }

  /** Runs and their steps in one statement: the runs are chosen first, then joined with their steps. */
  private async read(
    db: RunDatabase | RunTransaction,
    narrow: (query: ReturnType<typeof selectRuns>) => ReturnType<typeof selectRuns>,
  ): Promise<RunSnapshot[]> {
    const rows = await db
      .selectFrom(narrow(selectRuns(db)).as('run'))
      .leftJoin('run_step', 'run_step.run_id', 'run.id')
      .selectAll('run')
      .select([
        'run_step.run_id',
        'run_step.step_key',
        'run_step.position',
        'run_step.title',
        'run_step.sections',
        'run_step.status as step_status',
        'run_step.error as step_error',
        'run_step.reason',
        'run_step.card',
        'run_step.started_at as step_started_at',
        'run_step.finished_at as step_finished_at',
      ])
      .orderBy('run.created_at', 'desc')
      .orderBy('run.id', 'desc')
      .orderBy('run_step.position')
      .execute();
    const runs = new Map<string, { run: RunRow; steps: StepRow[] }>();
    for (const row of rows) {
      const entry = runs.get(row.id) ?? { run: row, steps: [] };
      runs.set(row.id, entry);
      if (row.run_id === null) continue;
      entry.steps.push({
        ...row,
        status: row.step_status,
        error: row.step_error,
        started_at: row.step_started_at,
        finished_at: row.step_finished_at,
      } as StepRow);
    }
    return [...runs.values()].map(({ run, steps }) => toSnapshot(run, steps));
  }
}

function selectRuns(db: RunDatabase | RunTransaction) {
  return db.selectFrom('run').select(RUN_COLUMNS);
}

function toSnapshot(run: RunRow, steps: StepRow[]): RunSnapshot {
  const current = steps.find(({ position }) => position === run.step);
  return {
    id: run.id,
    kind: run.kind,
    subject: run.subject,
    owner: run.owner,
    status: run.status,
    attempt: run.attempt,
    progress: run.progress,
    step: run.step,
    steps: steps.map(toStepState),
    ...(current?.card && { educationalContent: JSON.parse(current.card) as EducationalContent }),
    lastEventId: String(run.last_seq),
    ...(run.result && { result: JSON.parse(run.result) as Record<string, unknown> }),
    ...(run.error && { error: JSON.parse(run.error) as RunError }),
    createdAt: toTime(run.created_at),
    ...(run.started_at && { startedAt: toTime(run.started_at) }),
    ...(run.finished_at && { finishedAt: toTime(run.finished_at) }),
    ...(run.timeout_at && { timeoutAt: toTime(run.timeout_at) }),
  };
}

/** A step's row as people and programs see it. */
export function toStepState(
  step: Pick<StepRow, 'step_key' | 'title' | 'sections' | 'status' | 'error' | 'reason' | 'started_at' | 'finished_at'>,
): StepState {
  return {
    id: step.step_key,
    title: step.title,
    sections: JSON.parse(step.sections) as string[],
    status: step.status,
    ...(step.started_at && { startedAt: toTime(step.started_at) }),
    ...(step.finished_at && { finishedAt: toTime(step.finished_at) }),
    ...(step.error && { error: JSON.parse(step.error) as RunError }),
    ...(step.reason && { reason: JSON.parse(step.reason) as string }),
  };
}

/** The application may have told its driver to give times as text or numbers. */
function toTime(value: Date): string {
  return new Date(value).toISOString();
}
