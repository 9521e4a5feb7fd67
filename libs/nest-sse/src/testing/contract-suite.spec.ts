import { describe, expect, it } from '@jest/globals';
import { MemoryEventLog } from '../log/memory-event-log.js';
import { registerConnectionLeasesTests } from './register-connection-leases-tests.js';
import { registerEventLogTests, type EventLogHook } from './register-event-log-tests.js';

type Registered = Map<string, (() => Promise<void>) | 'skipped'>;

/** Registers the suite of a log without any hook, and gives its tests. */
function register(leftOut: readonly EventLogHook[] = [], canSkip = true): Registered {
  const tests: Registered = new Map();
  const add = (name: string, body: () => Promise<void>): unknown => tests.set(name, body);
  const skip = (name: string): unknown => tests.set(name, 'skipped');
  registerEventLogTests(
    'A log',
    () => ({ log: new MemoryEventLog(), message: (n) => ({ event: 'tick', data: { n } }) }),
    { describe: (_, body) => body(), it: canSkip ? Object.assign(add, { skip }) : add, leftOut },
  );
  return tests;
}

const run = (test: (() => Promise<void>) | 'skipped' | undefined) => (test as () => Promise<void>)();
const TRIMMING = 'tells the gap before what is left when history was trimmed';

describe('a contract suite', () => {
  it('fails, with what to do, where a hook is missing', async () => {
    await expect(run(register().get(TRIMMING))).rejects.toThrow(
      "needs trimBefore of what the factory makes: give it or, if there is no such thing, leave the test out with { leftOut: ['trimBefore'] }",
    );
  });

  it('skips what is said to be left out, and names the hook', () => {
    const tests = register(['trimBefore', 'end']);
    expect(tests.get(`${TRIMMING} (left out: give trimBefore)`)).toBe('skipped');
    expect([...tests.values()].filter((test) => test === 'skipped')).toHaveLength(2);
    expect(tests.has(TRIMMING)).toBe(false);
  });

  it('names the hook where the runner cannot skip', async () => {
    const test = register(['trimBefore'], false).get(`${TRIMMING} (left out: give trimBefore)`);
    await expect(run(test)).resolves.toBeUndefined();
  });

  it('runs every other test', async () => {
    await expect(run(register().get('gives back what was appended, in order'))).resolves.toBeUndefined();
  });

  it('says what to give where there is no test runner', () => {
    const none = { describe: null as never, it: null as never };
    expect(() => registerEventLogTests('A log', () => Promise.reject(new Error('never asked')), none)).toThrow(
      "registerEventLogTests finds no global `describe` and `it`: give the runner's own as the third argument",
    );
    expect(() => registerConnectionLeasesTests('Leases', () => Promise.reject(new Error('never asked')), none)).toThrow(
      'registerConnectionLeasesTests finds no global',
    );
  });
});
