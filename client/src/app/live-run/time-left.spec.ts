import { describe, expect, it } from '@jest/globals';
import type { StepState } from './run-state';
import { describeTimeLeft, estimateTimeLeft } from './time-left';

const START = Date.UTC(2026, 0, 1);
const at = (second: number) => new Date(START + second * 1000).toISOString();
const step = (status: StepState['status'], from?: number, to?: number): StepState => ({
  id: status,
  title: status,
  sections: [],
  status,
  ...(from === undefined ? {} : { startedAt: at(from) }),
  ...(to === undefined ? {} : { finishedAt: at(to) }),
});

describe('estimateTimeLeft', () => {
  const steps = [step('finished', 0, 6), step('finished', 6, 10), step('running', 10), step('pending')];

  it('says nothing in the first ten seconds', () => {
    expect(estimateTimeLeft(steps, at(0), START + 9999)).toBeUndefined();
  });

  it('takes the mean of the measured steps for what is left', () => {
    expect(estimateTimeLeft(steps, at(0), START + 12_000)).toBe(3000 + 5000);
  });

  it('does not go below what pending steps need when the running one takes long', () => {
    expect(estimateTimeLeft(steps, at(0), START + 60_000)).toBe(5000);
  });

  it('measures nothing by reused and skipped steps', () => {
    const unmeasured = [step('reused', 0, 0), step('skipped', 0, 0), step('running', 0), step('pending')];
    expect(estimateTimeLeft(unmeasured, at(0), START + 20_000)).toBeUndefined();
  });
});

describe('describeTimeLeft', () => {
  it.each([
    [3000, 'Almost done'],
    [12_000, 'About 15 s left'],
    [55_000, 'About 1 min left'],
    [61_000, 'About 2 min left'],
  ])('says %i ms as "%s"', (ms, text) => {
    expect(describeTimeLeft(ms)).toBe(text);
  });
});
