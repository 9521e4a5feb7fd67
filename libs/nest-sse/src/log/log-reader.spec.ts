import { describe, expect, it } from '@jest/globals';
import { Subject } from 'rxjs';
import type { EventLog, LogPage } from './event-log.js';
import { LogReader } from './log-reader.js';

/** A log whose reads are answered by hand. */
function handLog() {
  const changes = new Subject<string>();
  const reads: { cursor: string | undefined; answer: (page: LogPage) => void; reject: (error: Error) => void }[] = [];
  const log = {
    changes,
    readAfter: (cursor: string | undefined) =>
      new Promise<LogPage>((answer, reject) => reads.push({ cursor, answer, reject })),
  } as unknown as EventLog;
  return { log, changes, reads };
}

const page: LogPage = { events: [], cursor: '1', more: false, ended: false };
const deaf = { onHint: () => undefined, onError: () => undefined };

describe('LogReader', () => {
  it('reads once for all who ask the same at the same time', async () => {
    const { log, reads } = handLog();
    const reader = new LogReader(log);
    const [first, second, other] = [reader.read('1', 10), reader.read('1', 10), reader.read('2', 10)];
    expect(reads.map(({ cursor }) => cursor)).toEqual(['1', '2']);
    for (const { answer } of reads) answer(page);
    expect(await first).toBe(await second);
    await other;
    void reader.read('1', 10);
    expect(reads).toHaveLength(3);
  });

  it('never lets one who was woken by a hint join a read from before it', () => {
    const { log, changes, reads } = handLog();
    const reader = new LogReader(log);
    void reader.read('1', 10);
    reader.listen({ ...deaf, onHint: () => void reader.read('1', 10) });
    reader.listen({ ...deaf, onHint: () => void reader.read('1', 10) });
    changes.next('2');
    expect(reads).toHaveLength(2);
  });

  it('forgets a read that failed', async () => {
    const { log, reads } = handLog();
    const reader = new LogReader(log);
    const failing = reader.read('1', 10);
    reads[0]?.reject(new Error('no database'));
    await expect(failing).rejects.toThrow('no database');
    void reader.read('1', 10);
    expect(reads).toHaveLength(2);
  });

  it('subscribes once for all listeners, and unsubscribes after the last', () => {
    const { log, changes } = handLog();
    const reader = new LogReader(log);
    const unlisten = [reader.listen({ ...deaf }), reader.listen({ ...deaf })];
    expect(changes.observers).toHaveLength(1);
    unlisten[0]?.();
    expect(changes.observed).toBe(true);
    unlisten[1]?.();
    expect(changes.observed).toBe(false);
  });

  it('tells its listeners when hints fail', () => {
    const { log, changes } = handLog();
    const errors: unknown[] = [];
    new LogReader(log).listen({ ...deaf, onError: (error) => errors.push(error) });
    changes.error('gone');
    expect(errors).toEqual(['gone']);
  });
});
