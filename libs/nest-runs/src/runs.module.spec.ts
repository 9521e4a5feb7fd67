import { randomUUID } from 'node:crypto';
import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  RunHandler,
  Runs,
  RunsModule,
  type CompletionContext,
  type RunDefinition,
  type StepDefinition,
} from './index.js';
import { closeTestDatabases, openTestDatabase, TEST_BACKENDS, type TestDatabase } from './testing/index.js';
import { untilStatus } from './testing/run-node.js';

jest.setTimeout(30_000);
afterAll(closeTestDatabases);

@Injectable()
class Dictionary {
  translate(text: string): string {
    return text.toUpperCase();
  }
}

interface Input {
  text: string;
}

@RunHandler('translate')
class Translation implements RunDefinition<Input> {
  readonly steps: StepDefinition<Input>[] = [
    { id: 'look-up', title: 'Looking up', run: ({ input }) => ({ output: this.dictionary.translate(input.text) }) },
  ];

  constructor(private readonly dictionary: Dictionary) {}

  async complete({ transaction, outputs, run }: CompletionContext<Input>): Promise<Record<string, unknown>> {
    await transaction.insertInto('translation').values({ run_id: run.id, text: outputs['look-up'] }).execute();
    if (run.input.text === 'poison') throw new Error('refused');
    return { strategyId: run.subject, version: 1, summary: 'done' };
  }
}

describe.each(TEST_BACKENDS)('RunsModule on %s', (backend) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(backend);
    const { db } = await database.openNode();
    await db.schema.createTable('translation').addColumn('run_id', 'text').addColumn('text', 'text').execute();
  });

  async function openApp(providers: Module['providers'] = [Dictionary, Translation]) {
    const options = await database.openNode();
    @Module({ providers: [{ provide: 'options', useValue: options }], exports: ['options'] })
    class DatabaseModule {}
    const runs = RunsModule.forRootAsync({
      imports: [DatabaseModule],
      inject: ['options'],
      useFactory: (given: typeof options) => given,
    });
    const testing = await Test.createTestingModule({ imports: [runs], providers: providers ?? [] }).compile();
    return { app: testing, runs: testing.get(Runs), db: options.db };
  }
  type Module = { providers?: NonNullable<Parameters<typeof Test.createTestingModule>[0]['providers']> };

  it('finds handlers among the providers, with what they inject, and does their runs', async () => {
    const { app, runs, db } = await openApp();
    await app.init();
    const { run } = await runs.start('translate', { text: 'hi' }, { owner: 'o', subject: randomUUID() });
    const snapshot = await untilStatus(runs, run.id, 'succeeded');
    expect(snapshot.result).toEqual({ strategyId: snapshot.subject, version: 1, summary: 'done' });
    const rows = await db.selectFrom('translation').where('run_id', '=', run.id).selectAll().execute();
    expect(rows).toEqual([{ run_id: run.id, text: 'HI' }]);
    await app.close();
  });

  it('keeps what completion wrote exactly if the run ends well', async () => {
    const { app, runs, db } = await openApp();
    app.useLogger(false);
    await app.init();
    const { run } = await runs.start('translate', { text: 'poison' }, { owner: 'o', subject: randomUUID() });
    expect((await untilStatus(runs, run.id, 'failed', 'succeeded')).status).toBe('failed');
    expect(await db.selectFrom('translation').where('run_id', '=', run.id).selectAll().execute()).toEqual([]);
    await app.close();
  });

  it('takes a run up again that an application left when it closed', async () => {
    const first = await openApp();
    await first.app.init();
    const { run } = await first.runs.start('translate', { text: 'bye' }, { owner: 'o', subject: randomUUID() });
    await first.app.close();
    const second = await openApp();
    await second.app.init();
    expect((await untilStatus(second.runs, run.id, 'succeeded')).attempt).toBe(1);
    await second.app.close();
  });

  it('says at start that two handlers have the same kind, or that steps are in a circle', async () => {
    @RunHandler('translate')
    class Second extends Translation {}
    @RunHandler('circle')
    class Circle implements RunDefinition {
      readonly steps = [
        { id: 'a', title: 'A', after: ['b'], run: () => ({}) },
        { id: 'b', title: 'B', after: ['a'], run: () => ({}) },
      ];
    }
    const twice = await openApp([
      Dictionary,
      Translation,
      { provide: Second, useFactory: () => new Second(new Dictionary()) },
    ]);
    await expect(twice.app.init()).rejects.toThrow('Two providers handle runs of kind "translate"');
    const circle = await openApp([Circle]);
    await expect(circle.app.init()).rejects.toThrow('Steps wait for each other: a, b');
    expect(() => RunHandler('not a kind')).toThrow(RangeError);
  });
});
