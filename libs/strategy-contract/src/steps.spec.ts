import { describe, expect, it } from '@jest/globals';
import { SECTION_KEYS } from './document.js';
import { isRunMessageData } from './run-messages.js';
import { GENERATION_STEPS, type GenerationStep } from './steps.js';

describe('the steps of a generation', () => {
  const steps: readonly GenerationStep[] = GENERATION_STEPS;

  it('make every section exactly once', () => {
    expect(steps.flatMap(({ sections }) => sections).toSorted()).toEqual([...SECTION_KEYS].toSorted());
  });

  it('come after what they read', () => {
    for (const [index, { after }] of steps.entries()) {
      const earlier = steps.slice(0, index).map(({ id }) => id);
      expect(earlier).toEqual(expect.arrayContaining([...after]));
    }
  });
});

describe('isRunMessageData', () => {
  const base = { runId: 'r', timestamp: '2026-01-01T00:00:00Z' };

  it('takes what the protocol says, with fields that it does not know', () => {
    expect(isRunMessageData('status', { ...base, status: 'running', attempt: 1, later: true })).toBe(true);
  });

  it('refuses what an event does not promise', () => {
    expect(isRunMessageData('status', { ...base, status: 'sleeping', attempt: 1 })).toBe(false);
    expect(isRunMessageData('progress', { ...base, progress: 101 })).toBe(false);
    expect(isRunMessageData('section', { ...base, section: 'topics', content: { state: 'ready' } })).toBe(false);
  });

  it('lets events pass that it does not know', () => {
    expect(isRunMessageData('later', null)).toBe(true);
  });
});
