import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { RunEvents, NewMessage } from '@throughline/sse-protocol';
import { registerEventLogTests, type EventLogSubject } from '@throughline/nest-sse/testing';
import type { FeedEvents } from './feed-event-log.js';
import { RunEnded, RunNotFound } from '../run-errors.js';
import { closeTestDatabases, openTestDatabase, TEST_BACKENDS } from '../testing/index.js';
import { startRunNode, type RunNode } from '../testing/run-node.js';

jest.setTimeout(30_000);
afterAll(closeTestDatabases);

const MALFORMED = ['a', '01', '+1', '1.0', '1e3', '0x1'];

function statusMessage(n: number): NewMessage<FeedEvents> {
  return {
    event: 'status',
    data: { runId: 'r', timestamp: '2026-01-01T00:00:00.000Z', status: 'running', attempt: n },
  };
}

describe.each(TEST_BACKENDS)('on %s', (backend) => {
  let node: RunNode;
  beforeAll(async () => {
    node = await startRunNode(await openTestDatabase(backend), {}, { snapshotUrl: (id) => `/snapshots/${id}` });
  });
  afterAll(() => node.stop());

  async function emptyRun(): Promise<string> {
    const id = randomUUID();
    const now = new Date();
    await node.runtime.db
      .insertInto('run')
      .values({
        id,
        kind: 'k',
        owner: 'o',
        subject: id,
        status: 'running',
        attempt: 1,
        epoch: 0,
        job_id: 'j',
        is_released: true,
        last_seq: 0,
        trimmed_seq: 0,
        progress: 0,
        step: 0,
        input: '1',
        created_at: now,
        touched_at: now,
      })
      .execute();
    return id;
  }

  registerEventLogTests<RunEvents>(
    `The log of a run on ${backend}`,
    async (): Promise<EventLogSubject<RunEvents>> => {
      const id = await emptyRun();
      const { db, hints } = node.runtime;
      return {
        log: node.runs.events(id),
        message: statusMessage,
        end: async () => {
          await db.updateTable('run').set({ status: 'succeeded' }).where('id', '=', id).execute();
          hints.runChanged(id, -1);
        },
        trimBefore: async (n) => {
          await db.deleteFrom('run_event').where('run_id', '=', id).where('seq', '<', n).execute();
          await db
            .updateTable('run')
            .set({ trimmed_seq: n - 1 })
            .where('id', '=', id)
            .execute();
        },
        cursorAhead: '4711',
        malformedCursors: MALFORMED,
      };
    },
    { leftOut: ['cursorOfAnotherEpoch'] },
  );

  registerEventLogTests<FeedEvents>(
    `A feed on ${backend}`,
    (): EventLogSubject<FeedEvents> => {
      const owner = `user:${randomUUID()}`;
      const { db } = node.runtime;
      return {
        log: node.runs.feed(owner),
        message: statusMessage,
        trimBefore: async (n) => {
          await db.deleteFrom('run_feed_event').where('owner', '=', owner).where('seq', '<', n).execute();
          await db
            .updateTable('run_feed')
            .set({ trimmed_seq: n - 1 })
            .where('owner', '=', owner)
            .execute();
        },
        cursorAhead: '4711',
        malformedCursors: MALFORMED,
      };
    },
    { leftOut: ['end', 'cursorOfAnotherEpoch'] },
  );

  it('names the URL of the snapshot in a gap', async () => {
    const id = await emptyRun();
    expect((await node.runs.events(id).readAfter('5', 10)).gap?.snapshot).toBe(`/snapshots/${id}`);
  });

  it('is empty and ended for a run that is not there', async () => {
    const log = node.runs.events('nobody');
    expect(await log.readAfter('3', 10)).toEqual({ events: [], cursor: '3', more: false, ended: true });
    expect(await log.tail()).toEqual({ cursor: '0', ended: true });
    expect(await log.status?.()).toBeUndefined();
    await expect(log.append([])).rejects.toThrow(RunNotFound);
  });

  it('takes nothing more after the end', async () => {
    const id = await emptyRun();
    await node.runtime.db.updateTable('run').set({ status: 'failed' }).where('id', '=', id).execute();
    await expect(node.runs.events(id).append([statusMessage(1)])).rejects.toThrow(RunEnded);
    expect(await node.runs.events(id).status?.()).toBe('failed');
  });

  it('gives back every character of a text: line breaks, NUL, lone surrogates, emoji, quotes', async () => {
    const text = 'a\r\nb\rc\nd\0e\ud800f\u2028g😀h"\\\'i\\u0000';
    const log = node.runs.events(await emptyRun());
    const data = { runId: 'r', timestamp: 't', section: text, path: '/', text };
    await log.append([{ event: 'delta', data }]);
    expect((await log.readAfter('0', 1)).events).toEqual([{ event: 'delta', id: '1', data }]);
  });

  it('reads a cursor that is beyond what the table can hold as one ahead of the tail', async () => {
    const log = node.runs.events(await emptyRun());
    expect((await log.readAfter('9007199254740991', 1)).gap).toMatchObject({ reason: 'ahead', to: '0' });
  });
});
