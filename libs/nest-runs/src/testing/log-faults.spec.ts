import { describe, expect, it } from '@jest/globals';
import type { Message, RunEvents } from '@throughline/sse-protocol';
import { findLogFaults } from './log-faults.js';

type Line = [event: keyof RunEvents, data: object];

function log(lines: Line[]): Message<RunEvents>[] {
  return lines.map(([event, data], index) => ({ event, id: String(index + 1), data }) as unknown as Message<RunEvents>);
}

const progress = (stepStatus: string, percent: number, more = {}): Line => [
  'progress',
  { stepId: 'a', stepStatus, progress: percent, ...more },
];
const status = (name: string, attempt = 1): Line => ['status', { status: name, attempt }];
const good: Line[] = [
  status('queued'),
  status('running'),
  progress('started', 0),
  ['educational', { stepId: 'a' }],
  progress('advanced', 50),
  progress('restarted', 0, { discardFrom: '3' }),
  progress('finished', 100),
  status('succeeded'),
  ['complete', {}],
];
const without = (index: number): Line[] => good.filter((_, at) => at !== index);

describe('findLogFaults', () => {
  it('finds nothing in a log that keeps the rules', () => {
    expect(findLogFaults(log(good))).toEqual([]);
  });

  it.each([
    ['the log does not begin with status queued', without(0)],
    ['complete does not follow the status that ends an attempt', without(7)],
    ['the card of a is sent twice', [...good.slice(0, 4), good[3], ...good.slice(4)]],
    ['progress falls at a advanced', [...good.slice(0, 5), progress('advanced', 20), ...good.slice(5)]],
    ['progress is 100 twice', [...good.slice(0, 7), progress('finished', 100), ...good.slice(7)]],
    ['attempt 1: a started: discardFrom is wrong', [...good.slice(0, 2), progress('started', 0, { discardFrom: '1' })]],
    ['attempt 1: status succeeded is not followed by its last message but by status', good.slice(0, 8)],
    ['attempt 1: it ends 2 times', [...good.slice(0, 7), status('failed'), ...good.slice(7)]],
    ['attempt 1: a section comes while no step runs', [...good.slice(0, 2), ['section', {}], ...good.slice(2)]],
    ['attempt 1: a is skipped without a reason', [...good.slice(0, 6), progress('skipped', 100), ...good.slice(7)]],
    ['attempt 1: a status names another attempt', [status('queued', 2), ...good.slice(1)]],
  ] as [string, Line[]][])('finds: %s', (fault, lines) => {
    const faults = findLogFaults(log(lines));
    expect(faults).toContain(fault);
  });

  it('finds a hole in the ids', () => {
    expect(findLogFaults(log(good).filter(({ id }) => id !== '5'))).toContain('message 5 has id 6');
  });
});
