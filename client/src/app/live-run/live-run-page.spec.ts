import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SseTestingController, type TestStream } from '@throughline/ngx-sse/testing';
import type { RunSnapshot } from '@throughline/strategy-contract';
import { LiveRuns } from '../shell/live-runs';
import { providePageTesting } from '../testing/provide-page-testing';
import { LiveRunPage } from './live-run-page';

const EVENTS = '/api/v1/runs/r1/events';
const NOW = '2026-01-01T00:00:00.000Z';

const SNAPSHOT: RunSnapshot = {
  id: 'r1',
  strategyId: 's1',
  status: 'running',
  attempt: 1,
  progress: 0,
  step: 0,
  steps: [
    { id: 'context', title: 'Reading the brief', sections: ['audience'], status: 'pending' },
    { id: 'topics', title: 'Finding the topics', sections: ['topics'], status: 'pending' },
  ],
  lastEventId: '0',
  createdAt: NOW,
};

describe('LiveRunPage', () => {
  let sse: SseTestingController;
  let http: HttpTestingController;
  let element: HTMLElement;
  let id: number;
  const text = (selector: string) => element.querySelector(selector)?.textContent?.replace(/\s+/g, ' ').trim();
  const button = (label: string) =>
    [...element.querySelectorAll<HTMLElement>('button, a')].find((each) => each.textContent?.includes(label));

  beforeEach(() => {
    id = 0;
    TestBed.configureTestingModule({
      providers: [...providePageTesting(), LiveRuns],
    });
    sse = TestBed.inject(SseTestingController);
    http = TestBed.inject(HttpTestingController);
  });

  afterEach(() => http.verify());

  async function settle() {
    await sse.advance(50);
    TestBed.tick();
    await sse.advance(50);
    TestBed.tick();
  }

  async function open(snapshot: Partial<RunSnapshot> = {}): Promise<TestStream> {
    const fixture = TestBed.createComponent(LiveRunPage);
    element = fixture.nativeElement as HTMLElement;
    fixture.componentRef.setInput('id', 'r1');
    TestBed.tick();
    http.expectOne('/api/v1/runs/r1').flush({ ...SNAPSHOT, ...snapshot });
    await settle();
    http.expectOne('/api/v1/strategies/s1').flush({ id: 's1', name: 'Clinics', brief: {} });
    const stream = sse.expectOne(EVENTS).open();
    await settle();
    return stream;
  }

  async function send(stream: TestStream, event: string, data: object) {
    stream.message(event, { runId: 'r1', timestamp: NOW, ...data }, String(++id));
    await settle();
  }

  const started = (step: number, stepId: string, progress: number) => ({
    step,
    steps: 2,
    stepId,
    stepStatus: 'started',
    progress,
    message: 'Working',
  });

  it('shows the step under way in the list and in the bar', async () => {
    const stream = await open();
    await send(stream, 'progress', started(2, 'topics', 50));
    expect(text('[aria-current=step] .title')).toBe('Finding the topics');
    const bar = element.querySelector('[role=progressbar]');
    expect(bar?.getAttribute('aria-valuenow')).toBe('50');
    expect(bar?.getAttribute('aria-valuetext')).toBe('Step 2 of 2: finding the topics');
    expect(text('[role=status]')).toBe('Step 2 of 2: finding the topics');
    expect(document.title).toBe('50 % · Clinics – Throughline');
  });

  it('shows a part as soon as it is finished', async () => {
    const stream = await open();
    const finding = {
      id: 'f1',
      kind: 'topic',
      title: 'Scheduling',
      why: 'Many pages.',
      method: 'Counted.',
      inputsUsed: [],
      confidence: 'high',
      assumptions: [],
      figures: { pages: { value: 12, unit: 'pages', basis: 'observed' } },
    };
    const content = { state: 'ready', inputsUsed: [], findings: [finding] };
    await send(stream, 'section', { section: 'topics', content });
    expect(text('tl-section-preview')).toContain('Topics');
    expect(text('tl-section-preview')).toContain('Scheduling');
    expect(text('tl-section-preview tl-figure')).toBe('12 pages');
  });

  it('does not show what is not of the shape that was agreed', async () => {
    const stream = await open();
    await send(stream, 'section', { section: 'topics', content: { findings: 'none' } });
    expect(element.querySelector('tl-section-preview')).toBeNull();
  });

  it('says that it reconnects, and goes on at the next message when told to do so now', async () => {
    const stream = await open();
    await send(stream, 'progress', started(1, 'context', 0));
    expect(text('tl-connection-chip')).toContain('Live');
    stream.drop();
    await settle();
    expect(text('tl-connection-chip')).toContain('Reconnecting');
    expect(text('tl-connection-chip')).toContain('nothing is lost');
    button('Now')!.click();
    await settle();
    const next = sse.expectOne(EVENTS);
    expect(new URL(next.url, 'http://x').searchParams.get('lastEventId')).toBe('1');
    next.open();
    await send(next, 'progress', { ...started(1, 'context', 50), stepStatus: 'finished' });
    await send(next, 'progress', started(2, 'topics', 50));
    expect(text('tl-connection-chip')).toContain('Live');
    expect(text('[aria-current=step] .title')).toBe('Finding the topics');
  });

  it('says that the live view has stopped where it can’t go on, keeps what it has, and goes on from there when asked', async () => {
    const stream = await open();
    await send(stream, 'progress', started(2, 'topics', 50));
    stream.close('superseded');
    await settle();
    expect(text('tl-connection-chip')).toBe('Not connected');
    expect(text('[role=alert]')).toContain('The live view has stopped. Another page of yours has taken its place.');
    expect(text('[role=alert]')).toContain('nothing is lost');
    expect(text('[aria-current=step] .title')).toBe('Finding the topics');
    button('Connect again')!.click();
    await settle();
    const next = sse.expectOne(EVENTS).open();
    expect(next.url).toContain('lastEventId=1');
    await settle();
    expect(element.querySelector('[role=alert]')).toBeNull();
    expect(text('tl-connection-chip')).toContain('Live');
    expect(text('[aria-current=step] .title')).toBe('Finding the topics');
  });

  it('offers the strategy at the end', async () => {
    const stream = await open();
    await send(stream, 'status', { status: 'succeeded', attempt: 1 });
    const end = { strategyId: 's1', version: 4, status: 'succeeded', summary: 'All is said.', durationMs: 61_000 };
    await send(stream, 'complete', end);
    stream.close('complete');
    await settle();
    expect(button('Read the strategy')?.getAttribute('href')).toBe('/strategies/s1/versions/4');
    expect(text('[role=status]')).toBe('All is said.');
    expect(element.textContent).toContain('Took 1 min 1 s');
    expect(button('Cancel')).toBeUndefined();
  });

  it('announces a failure, retries on demand and follows the next attempt in the same log', async () => {
    const stream = await open();
    const error = { code: 'step_failed', message: 'Too few words.', retryable: true, stepId: 'topics' };
    await send(stream, 'status', { status: 'failed', attempt: 1 });
    await send(stream, 'error', { error, fatal: true });
    stream.close('complete');
    await settle();
    expect(text('[role=alert]')).toContain('Too few words.');

    button('Retry from the failed step')!.click();
    http.expectOne('/api/v1/runs/r1/retry').flush(SNAPSHOT);
    await settle();
    const next = sse.expectOne(EVENTS).open();
    await send(next, 'status', { status: 'running', attempt: 2 });
    expect(element.querySelector('[role=alert]')).toBeNull();
    expect(button('Cancel')).toBeDefined();
  });

  it('cancels, and shows what the server refuses', async () => {
    await open();
    button('Cancel')!.click();
    http
      .expectOne('/api/v1/runs/r1/cancel')
      .flush({ code: 'x', detail: 'Not now.' }, { status: 503, statusText: 'Unavailable' });
    await settle();
    expect(text('[role=alert]')).toContain('Not now.');
  });

  it('says what is wrong where the run cannot be had, with a way to try again', async () => {
    const fixture = TestBed.createComponent(LiveRunPage);
    element = fixture.nativeElement as HTMLElement;
    fixture.componentRef.setInput('id', 'r1');
    TestBed.tick();
    http
      .expectOne('/api/v1/runs/r1')
      .flush({ code: 'not_found', detail: 'There is no such run.' }, { status: 404, statusText: 'Not Found' });
    await settle();
    expect(text('[role=alert]')).toContain('There is no such run.');
    button('Try again')!.click();
    http.expectOne('/api/v1/runs/r1').flush(SNAPSHOT);
    await settle();
    http.expectOne('/api/v1/strategies/s1').flush({ id: 's1', name: 'Clinics', brief: {} });
    sse.expectOne(EVENTS);
  });
});
