import type { Message, RunEvents } from '@throughline/sse-protocol';
import type { EventLog } from '@throughline/nest-sse';
import type { RunDefinition } from '../definition/run-definition.js';
import { RunRuntime } from '../run-runtime.js';
import type { RunSnapshot } from '../run-snapshot.js';
import type { RunsOptions } from '../runs-options.js';
import { Runs } from '../runs.js';
import type { TestDatabase } from './databases.js';

/** A node without Nest around it. */
export interface RunNode {
  runtime: RunRuntime;
  runs: Runs;
  /** What the engine logged as errors. */
  errors: string[];
  stop(): Promise<void>;
}

/** Starts a node that does these kinds of run on the database. */
export async function startRunNode(
  database: TestDatabase,
  definitions: Record<string, RunDefinition>,
  options: Partial<RunsOptions> = {},
): Promise<RunNode> {
  const errors: string[] = [];
  const logger = {
    log: () => undefined,
    warn: () => undefined,
    error: (message: string) => void errors.push(message),
  };
  const base = await database.openNode();
  const runtime = new RunRuntime({ ...base, logger, ...options }, new Map(Object.entries(definitions)));
  await runtime.start();
  return { runtime, runs: new Runs(runtime), errors, stop: () => runtime.stop() };
}

/** Reads a whole log. */
export async function readLog<E extends object>(log: EventLog<E>, after = '0'): Promise<Message<E>[]> {
  const messages: Message<E>[] = [];
  for (let cursor = after; ;) {
    const page = await log.readAfter(cursor, 100);
    messages.push(...page.events);
    cursor = page.cursor;
    if (!page.more) return messages;
  }
}

/** Resolves with what `read` gives once `isThere` says so, asked again at each hint. Rejects after `timeoutMs`. */
export async function untilLog<E extends object, T>(
  log: EventLog<E>,
  read: () => Promise<T>,
  isThere: (value: T) => boolean,
  timeoutMs = 20_000,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let last: T | undefined;
  return new Promise<T>((resolve, reject) => {
    const look = async (): Promise<void> => {
      last = await read();
      if (isThere(last)) finish(() => resolve(last as T));
    };
    const finish = (done: () => void): void => {
      clearTimeout(timer);
      subscription.unsubscribe();
      done();
    };
    const fail = (error: unknown): void => finish(() => reject(error));
    const subscription = log.changes.subscribe(() => void look().catch(fail));
    timer = setTimeout(() => fail(new Error(`Not reached in ${timeoutMs} ms: ${JSON.stringify(last)}`)), timeoutMs);
    look().catch(fail);
  });
}

/** Resolves with the run's snapshot when it has the status. */
export function untilStatus(runs: Runs, id: string, ...statuses: RunSnapshot['status'][]): Promise<RunSnapshot> {
  const read = async (): Promise<RunSnapshot> => {
    const snapshot = await runs.snapshot(id);
    if (!snapshot) throw new Error(`Run ${id} is gone.`);
    return snapshot;
  };
  return untilLog(runs.events(id), read, ({ status }) => statuses.includes(status));
}

/** Resolves with the log when it has a message that fits. */
export function untilMessage(
  runs: Runs,
  id: string,
  fits: (message: Message<RunEvents>) => boolean,
): Promise<Message<RunEvents>[]> {
  const log = runs.events(id);
  return untilLog(
    log,
    () => readLog(log),
    (messages) => messages.some(fits),
  );
}

/** A promise and what settles it. */
export interface Gate {
  opened: Promise<void>;
  open(): void;
}

export function makeGate(): Gate {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** A log as short texts: `status running`, `progress a started 0`, `educational a`, … */
export function outline(messages: readonly Message<RunEvents>[]): string[] {
  return messages.map((message) => {
    switch (message.event) {
      case 'status':
        return `status ${message.data.status}`;
      case 'progress':
        return `progress ${message.data.stepId} ${message.data.stepStatus} ${message.data.progress}`;
      case 'educational':
        return `educational ${message.data.stepId}`;
      case 'section':
        return `section ${message.data.section}`;
      case 'delta':
        return `delta ${message.data.text}`;
      case 'error':
        return `error ${message.data.error.code}${message.data.fatal ? ' fatal' : ''}`;
      case 'complete':
        return `complete ${message.data.status}`;
    }
  });
}
