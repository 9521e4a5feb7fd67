import { provideHttpClient } from '@angular/common/http';
import { Component } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { provideSse } from '@throughline/ngx-sse';
import { SseTestingController, type TestStream, provideSseTesting } from '@throughline/ngx-sse/testing';
import type { RunStatus } from '@throughline/sse-protocol';
import { LiveRuns } from './live-runs';
import { RunningChip } from './running-chip';

@Component({ template: '' })
class SomePage {}

describe('RunningChip', () => {
  let sse: SseTestingController;
  let fixture: ComponentFixture<RunningChip>;
  let feed: TestStream;
  let id: number;
  const link = () => (fixture.nativeElement as HTMLElement).querySelector('a');
  const text = () => link()?.querySelector('.text')?.textContent?.trim();

  beforeEach(async () => {
    id = 0;
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideRouter([{ path: '**', component: SomePage }]),
        provideSse(),
        provideSseTesting(),
        LiveRuns,
      ],
    });
    sse = TestBed.inject(SseTestingController);
    fixture = TestBed.createComponent(RunningChip);
    await settle();
    feed = sse.expectOne('/api/v1/events').open();
    await settle();
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    sse.verifyNothingLeft();
  });

  async function settle() {
    await sse.advance(20);
    TestBed.tick();
  }

  async function tell(runId: string, status: RunStatus) {
    feed.message('status', { runId, status, attempt: 1, timestamp: new Date().toISOString() }, String((id += 1)));
    await settle();
  }

  it('is not there while nothing goes on', () => {
    expect(link()).toBeNull();
  });

  it('leads to the run that goes on, and says how many there are', async () => {
    await tell('r1', 'running');
    expect([text(), link()?.getAttribute('href')]).toEqual(['A strategy is being made', '/runs/r1']);
    await tell('r2', 'queued');
    expect(text()).toBe('2 strategies being made');
  });

  it.each([
    ['succeeded', 'Your strategy is ready'],
    ['succeeded_with_gaps', 'Your strategy is ready'],
    ['failed', 'A run has ended: failed'],
    ['cancelled', 'A run has ended: cancelled'],
  ] as const)('says of a run that ended as %s: %s', async (status, said) => {
    await tell('r1', 'running');
    await tell('r1', status);
    expect(text()).toBe(said);
  });

  it('is not there on the page of the run itself', async () => {
    await tell('r1', 'running');
    await TestBed.inject(Router).navigateByUrl('/runs/r1');
    await settle();
    expect(link()).toBeNull();
    await TestBed.inject(Router).navigateByUrl('/content');
    await settle();
    expect(link()).not.toBeNull();
  });

  it('goes on with what happened while the connection was away', async () => {
    await tell('r1', 'running');
    feed.drop();
    await sse.advance(1000);
    expect(text()).toBe('A strategy is being made');
    feed = sse.expectOne('/api/v1/events').open();
    await tell('r1', 'succeeded');
    expect(text()).toBe('Your strategy is ready');
  });
});
