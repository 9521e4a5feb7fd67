import { describe, expect, it } from '@jest/globals';
import type { Message, RunEvents } from '@throughline/sse-protocol';
import type { RunSnapshot } from '@throughline/strategy-contract';
import { type RunState, reduceRun, stateOf, withSnapshot } from './run-state';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

function snapshot(more: Partial<RunSnapshot> = {}): RunSnapshot {
  return {
    id: 'r1',
    strategyId: 's1',
    status: 'queued',
    attempt: 1,
    progress: 0,
    step: 0,
    steps: [
      { id: 'context', title: 'Reading', sections: ['audience'], status: 'pending' },
      { id: 'topics', title: 'Topics', sections: ['topics'], status: 'pending' },
    ],
    lastEventId: '0',
    createdAt: at(0),
    ...more,
  };
}

let nextId = 0;
const message = <K extends keyof RunEvents>(
  event: K,
  data: Omit<RunEvents[K], 'runId' | 'timestamp'> & { timestamp?: string },
  id = String(++nextId),
) => ({ event, id, data: { runId: 'r1', timestamp: at(Number(id)), ...data } }) as unknown as Message<RunEvents>;

const progress = (stepId: string, stepStatus: RunEvents['progress']['stepStatus'], percent: number, more = {}) =>
  message('progress', {
    step: stepId === 'context' ? 1 : 2,
    steps: 2,
    stepId,
    stepStatus,
    progress: percent,
    message: `${stepId} ${stepStatus}`,
    ...more,
  });
const section = (key: string, title = 'x') =>
  message('section', { section: key, content: { state: 'ready', inputsUsed: [], findings: [{ title }] } });
const card = (stepId: string, title: string) =>
  message('educational', { stepId, educationalContent: { title, summary: '', details: [], tip: '', sources: [] } });

function fold(messages: Message<RunEvents>[], from: RunState = stateOf(snapshot())): RunState {
  return messages.reduce(reduceRun, from);
}

describe('reduceRun', () => {
  it('follows a run from its queue to its version', () => {
    nextId = 0;
    const state = fold([
      message('status', { status: 'running', attempt: 1 }),
      progress('context', 'started', 0),
      card('context', 'Briefs'),
      section('audience'),
      progress('context', 'finished', 50),
      progress('topics', 'started', 50),
      section('topics'),
      progress('topics', 'finished', 100),
      message('status', { status: 'succeeded', attempt: 1 }),
      message('complete', { strategyId: 's1', version: 3, status: 'succeeded', summary: 'Done.', durationMs: 900 }),
    ]);
    expect(state).toMatchObject({ status: 'succeeded', progress: 100, version: 3, summary: 'Done.', durationMs: 900 });
    expect(state.steps.map(({ status }) => status)).toEqual(['finished', 'finished']);
    expect(state.steps[0]).toMatchObject({ startedAt: at(2), finishedAt: at(5) });
    expect(state.sections.map(({ key }) => key)).toEqual(['audience', 'topics']);
    expect(state.cards.map(({ stepId }) => stepId)).toEqual(['context']);
    expect(state.startedAt).toBe(at(1));
  });

  it('takes sections and cards from messages that the snapshot counts, and never goes back by them', () => {
    nextId = 0;
    const later = snapshot({ status: 'running', progress: 50, step: 2, lastEventId: '5' });
    later.steps[0]!.status = 'finished';
    const state = fold(
      [
        message('status', { status: 'running', attempt: 1 }),
        progress('context', 'started', 0),
        card('context', 'Briefs'),
        section('audience'),
        progress('context', 'finished', 50),
      ],
      stateOf(later),
    );
    expect(state).toMatchObject({ progress: 50, step: 2, countedUpTo: 5 });
    expect(state.steps[0]!.status).toBe('finished');
    expect(state.sections).toHaveLength(1);
    expect(state.cards).toHaveLength(1);
  });

  it('recalls the summary of a run that had ended, unless it was tried again', () => {
    nextId = 0;
    const end = {
      strategyId: 's1',
      version: 1,
      status: 'succeeded_with_gaps' as const,
      summary: 'Done.',
      durationMs: 5,
    };
    const past = [message('status', { status: 'running', attempt: 1 }), message('complete', end)];
    const ended = stateOf(snapshot({ status: 'succeeded_with_gaps', lastEventId: '9' }));
    expect(fold(past, ended)).toMatchObject({ summary: 'Done.', durationMs: 5 });
    expect(fold([...past, message('status', { status: 'queued', attempt: 2 })], ended).summary).toBeUndefined();
  });

  it('keeps cards in the order of the steps, also where a snapshot brought the last one first', () => {
    const educationalContent = { title: 'Topics', summary: '', details: [], tip: '', sources: [] };
    const later = stateOf(snapshot({ step: 2, lastEventId: '90', educationalContent }));
    expect(fold([card('context', 'Briefs')], later).cards.map(({ stepId }) => stepId)).toEqual(['context', 'topics']);
  });

  it('keys cards by their step and keeps one for each', () => {
    const state = fold([card('context', 'one'), card('topics', 'two'), card('context', 'three')]);
    expect(state.cards.map(({ stepId, content }) => [stepId, content.title])).toEqual([
      ['context', 'three'],
      ['topics', 'two'],
    ]);
  });

  it('replaces a section that is sent again', () => {
    const state = fold([section('topics', 'old'), section('topics', 'new')]);
    expect(state.sections).toHaveLength(1);
    expect(state.sections[0]!.content.findings[0]!.title).toBe('new');
  });

  it('drops partial text from where a step starts again', () => {
    nextId = 0;
    const state = fold([
      message('delta', { section: 'topics', path: 'a', text: 'kept' }),
      message('delta', { section: 'topics', path: 'a', text: 'void' }),
      progress('topics', 'restarted', 10, { discardFrom: '1' }),
    ]);
    expect(state.text.map(({ text }) => text)).toEqual(['kept']);
    expect(state.steps[1]!.status).toBe('running');
  });

  it('shows a failed step without ending the run, and ends it by a fatal error', () => {
    nextId = 0;
    const error = { code: 'step_failed', message: 'No.', retryable: true, stepId: 'topics' };
    const open = fold([
      message('status', { status: 'running', attempt: 1 }),
      message('error', { error, fatal: false }),
    ]);
    expect(open.status).toBe('running');
    expect(open.steps[1]).toMatchObject({ status: 'failed', error });
    expect(open.error).toBeUndefined();
    const ended = fold([message('error', { error, fatal: true })], open);
    expect(ended).toMatchObject({ status: 'failed', error });
  });

  it('says what a skipped step needed', () => {
    const state = fold([progress('topics', 'skipped', 100, { reason: 'Upload your content.' })]);
    expect(state.steps[1]).toMatchObject({ status: 'skipped', reason: 'Upload your content.' });
  });

  it('opens failed and skipped steps again at a retry and forgets the error', () => {
    nextId = 0;
    const error = { code: 'step_failed', message: 'No.', retryable: true, stepId: 'topics' };
    const state = fold([
      progress('context', 'finished', 50),
      progress('topics', 'failed', 50),
      message('status', { status: 'failed', attempt: 1 }),
      message('error', { error, fatal: true }),
      message('status', { status: 'queued', attempt: 2 }),
    ]);
    expect(state).toMatchObject({ status: 'queued', attempt: 2 });
    expect(state.error).toBeUndefined();
    expect(state.finishedAt).toBeUndefined();
    expect(state.steps.map(({ status }) => status)).toEqual(['finished', 'pending']);
    expect(state.steps[1]!.error).toBeUndefined();
  });

  it('leaves no step running in a cancelled run', () => {
    const state = fold([progress('topics', 'started', 50), message('status', { status: 'cancelled', attempt: 1 })]);
    expect(state.steps.map(({ status }) => status)).toEqual(['pending', 'pending']);
  });

  it('ignores an event that it does not know', () => {
    const state = stateOf(snapshot());
    const unknown = { event: 'later', id: '1', data: { timestamp: at(1) } } as unknown as Message<RunEvents>;
    expect(reduceRun(state, unknown)).toEqual({ ...state, countedUpTo: 1 });
  });
});

describe('stateOf', () => {
  it('shows the card of the step that is under way', () => {
    const educationalContent = { title: 'Briefs', summary: '', details: [], tip: '', sources: [] };
    expect(stateOf(snapshot({ step: 1, educationalContent })).cards).toEqual([
      { stepId: 'context', content: educationalContent },
    ]);
  });
});

describe('withSnapshot', () => {
  it('keeps the sections that only messages carry', () => {
    const before = fold([section('topics')]);
    const after = withSnapshot(before, snapshot({ status: 'succeeded', progress: 100, lastEventId: '90', version: 1 }));
    expect(after).toMatchObject({ status: 'succeeded', version: 1, countedUpTo: 90 });
    expect(after.sections).toHaveLength(1);
  });
});
