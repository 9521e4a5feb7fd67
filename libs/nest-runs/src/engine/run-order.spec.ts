import { afterAll, describe, expect, it } from '@jest/globals';
import { RunRuntime } from '../run-runtime.js';
import { Runs } from '../runs.js';
import { closeTestDatabases, openTestDatabase, TEST_BACKENDS } from '../testing/index.js';

afterAll(closeTestDatabases);
describe.each(TEST_BACKENDS)('on %s', (backend) => {
  it('smokes', async () => {
    const t0 = performance.now();
    const database = await openTestDatabase(backend);
    console.log('open', performance.now() - t0);
    const node = await database.openNode();
    const runtime = new RunRuntime(
      { ...node },
      new Map([
        [
          'demo',
          {
            steps: [
              {
                id: 'a',
                title: 'A',
                card: { title: 'x', summary: '', details: [], tip: '', sources: [] },
                run: (c) => {
                  c.progress(1, 2, 'half');
                  void c.emit({ event: 'section', data: { section: 'a', content: { x: 'a\u0000\r\n\ud800' } } });
                  return { output: 1 };
                },
              },
              { id: 'b', title: 'B', run: () => ({ skipped: 'no data' }) },
            ],
          },
        ],
      ]),
    );
    const t1 = performance.now();
    await runtime.start();
    console.log('start', performance.now() - t1);
    const runs = new Runs(runtime);
    for (let i = 0; i < 3; i += 1) {
      const t2 = performance.now();
      const { run } = await runs.start('demo', { q: 1 }, { owner: 'o', subject: 's' + i });
      const log = runs.events(run.id);
      const t3 = performance.now();
      let first = 0;
      await new Promise<void>((resolve) => {
        const s = log.changes.subscribe(async () => {
          const p = await log.readAfter('0', 500);
          if (!first && p.events.some((e) => e.event === 'progress')) first = performance.now() - t2;
          if (p.ended) {
            s.unsubscribe();
            resolve();
          }
        });
      });
      console.log('started', t3 - t2, 'first', first, 'ended', performance.now() - t2);
      if (i === 2)
        console.log(
          JSON.stringify(
            (await log.readAfter('0', 500)).events.map((e) => [e.id, e.event, e.data]),
            null,
            0,
          ),
          JSON.stringify(await runs.snapshot(run.id)),
        );
    }
    await runtime.stop();
    await database.close();
  });
});
