import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SseClient, withPollingFallback } from '@throughline/ngx-sse';
import { SseTestingController, type TestStream } from '@throughline/ngx-sse/testing';
import type { RunStatus } from '@throughline/sse-protocol';
import { Session } from '../sign-in/session';
import { providePageTesting } from '../testing/provide-page-testing';
import { LiveRuns, foldFeed } from './live-runs';

const FEED = '/api/v1/events';
const status = (runId: string, state: RunStatus, timestamp = new Date().toISOString(), attempt = 1) => ({
  runId,
  status: state,
  attempt,
  timestamp,
});

describe('foldFeed', () => {
  it('keeps the newest state of each run, the newest last', () => {
    const runs = [
      status('a', 'running', '2026-01-01T00:00:00Z'),
      status('b', 'running', '2026-01-01T00:00:01Z'),
      status('a', 'succeeded', '2026-01-01T00:00:02Z'),
    ].reduce(foldFeed, []);
    expect(runs).toEqual([
      { runId: 'b', status: 'running', at: '2026-01-01T00:00:01Z' },
      { runId: 'a', status: 'succeeded', at: '2026-01-01T00:00:02Z' },
    ]);
  });
});

describe('LiveRuns', () => {
  let sse: SseTestingController;
  let runs: LiveRuns;
  let id: number;
  const active = () => runs.active().map(({ runId }) => runId);
  const unread = () => runs.unread().map(({ runId }) => runId);

  beforeEach(() => {
    id = 0;
    TestBed.configureTestingModule({
      providers: [...providePageTesting(withPollingFallback()), LiveRuns],
    });
    sse = TestBed.inject(SseTestingController);
    runs = TestBed.inject(LiveRuns);
  });

  afterEach(() => {
    TestBed.inject(SseClient).closeAll();
    sse.verifyNothingLeft();
    jest.restoreAllMocks();
  });

  async function pass(ms: number) {
    await sse.advance(ms);
    TestBed.tick();
    await sse.advance(0);
  }

  async function open(): Promise<TestStream> {
    await pass(0);
    return sse.expectOne(FEED).open();
  }

  const tell = (stream: TestStream, ...[runId, state, at]: Parameters<typeof status>) =>
    stream.message('status', status(runId, state, at), String((id += 1)));

  it('tells which runs go on, and which have ended since', async () => {
    const stream = await open();
    tell(stream, 'old', 'succeeded', '2020-01-01T00:00:00Z');
    tell(stream, 'a', 'running');
    tell(stream, 'b', 'queued');
    expect([active(), unread()]).toEqual([['a', 'b'], []]);
    tell(stream, 'a', 'succeeded');
    expect([active(), unread()]).toEqual([['b'], ['a']]);
    runs.markSeen('a');
    expect(unread()).toEqual([]);
    tell(stream, 'a', 'running');
    tell(stream, 'a', 'failed');
    expect(unread()).toEqual(['a']);
  });

  it('resumes after the last message, and takes each once', async () => {
    const stream = await open();
    tell(stream, 'a', 'running');
    stream.drop();
    await pass(1000);
    const again = sse.expectOne(FEED);
    expect(again.url).toContain('lastEventId=1');
    again.open();
    again.message('status', status('a', 'queued'), '1');
    tell(again, 'b', 'running');
    expect(active()).toEqual(['a', 'b']);
    expect(runs.active()[0]?.status).toBe('running');
  });

  it('begins anew where the server no longer has what was missed', async () => {
    const stream = await open();
    tell(stream, 'a', 'running');
    stream.control('stream.gap', { reason: 'trimmed', from: '1', to: '70', snapshot: '/api/v1/strategies' });
    await pass(0);
    expect(active()).toEqual([]);
    stream.message('status', status('b', 'running'), '71');
    expect(active()).toEqual(['b']);
  });

  it('leaves out what is no status of a run', async () => {
    (await open()).message('status', { runId: 'a', status: 'unheard of' }, '1');
    expect(active()).toEqual([]);
  });

  it('stays in touch however long nothing happens while it polls', async () => {
    await pass(0);
    for (const delayMs of [1000, 2000, 0]) {
      sse.expectOne(FEED).drop();
      await pass(delayMs);
    }
    // Polls for half an hour, in which streams are tried in vain and nothing happens.
    for (let second = 0; second < 1800; second += 5) {
      for (const stream of sse.match(FEED)) stream.drop();
      for (const page of sse.matchPages(FEED)) await page.respond();
      await pass(5000);
    }
    for (const stream of sse.match(FEED)) stream.drop();
    for (let second = 0; active().length === 0 && second < 30; second += 1) {
      for (const page of sse.matchPages(FEED)) {
        await page.respond({ events: [{ event: 'status', id: '1', data: status('a', 'running') }] });
      }
      await pass(1000);
    }
    expect(active()).toEqual(['a']);
  });

  it('leads to the sign-in when the session has ended elsewhere, and tries no more', async () => {
    const navigate = jest.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
    const stream = await open();
    stream.close('revoked');
    await pass(1000);
    sse.expectOne(FEED).fail(401);
    await pass(0);
    expect(navigate).toHaveBeenCalledWith(['/sign-in'], { queryParams: { returnUrl: '/' } });
    sse.verifyNothingLeft();
  });

  it('closes with every other stream on signing out', async () => {
    const stream = await open();
    const signedOut = TestBed.inject(Session).signOut();
    TestBed.inject(HttpTestingController).expectOne('/api/v1/session').flush(null);
    await signedOut;
    expect(stream.isClosed).toBe(true);
    sse.verifyNothingLeft();
  });
});
