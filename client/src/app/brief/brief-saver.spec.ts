import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Strategy } from '@throughline/strategy-contract';
import { BriefSaver } from './brief-saver';
import { readUnsavedBrief } from './unsaved-brief';
import { writeField } from './write-field';

const STRATEGY: Strategy = {
  id: 's1',
  name: 'Tea',
  brief: { business: { industry: 'Tea' } },
  createdAt: '',
  updatedAt: '',
};
const URL = '/api/v1/strategies/s1';

describe('BriefSaver', () => {
  let saver: BriefSaver;
  let http: HttpTestingController;
  const industry = (value: string) =>
    saver.edit((draft) => ({ ...draft, brief: writeField(draft.brief, 'business.industry', value) }));
  const settle = () => jest.advanceTimersByTimeAsync(0);

  beforeEach(() => {
    jest.useFakeTimers();
    localStorage.clear();
    TestBed.configureTestingModule({ providers: [BriefSaver, provideHttpClient(), provideHttpClientTesting()] });
    saver = TestBed.inject(BriefSaver);
    http = TestBed.inject(HttpTestingController);
    saver.open(STRATEGY);
  });

  afterEach(() => {
    http.verify();
    jest.useRealTimers();
  });

  it('sends only what changed, once typing pauses', async () => {
    industry('T');
    jest.advanceTimersByTime(300);
    industry('Tea and coffee');
    jest.advanceTimersByTime(599);
    http.expectNone(URL);
    jest.advanceTimersByTime(1);
    const request = http.expectOne(URL);
    expect(request.request.body).toEqual({ brief: { business: { industry: 'Tea and coffee' } } });
    request.flush(STRATEGY);
    await settle();
    expect(saver.state()).toBe('saved');
    expect(readUnsavedBrief('s1')).toBeUndefined();
  });

  it('tries again when the server cannot be reached, and keeps the text in the browser meanwhile', async () => {
    industry('Coffee');
    jest.advanceTimersByTime(600);
    http.expectOne(URL).error(new ProgressEvent('error'), { status: 0 });
    await settle();
    expect(saver.state()).toBe('waiting');
    expect(readUnsavedBrief('s1')).toEqual({ brief: { business: { industry: 'Coffee' } } });
    await jest.advanceTimersByTimeAsync(1000);
    http.expectOne(URL).flush(STRATEGY);
    await settle();
    expect(saver.state()).toBe('saved');
  });

  it('tries at once when the network is back', async () => {
    industry('Coffee');
    jest.advanceTimersByTime(600);
    http.expectOne(URL).error(new ProgressEvent('error'), { status: 0 });
    await settle();
    dispatchEvent(new Event('online'));
    http.expectOne(URL).flush(STRATEGY);
    await settle();
    expect(saver.state()).toBe('saved');
  });

  it('goes on from what an earlier visit could not save', async () => {
    localStorage.setItem('throughline.unsaved.s1', JSON.stringify({ brief: { business: { country: 'DE' } } }));
    saver.open(STRATEGY);
    expect(saver.draft()?.brief).toEqual({ business: { industry: 'Tea', country: 'DE' } });
    jest.advanceTimersByTime(600);
    const request = http.expectOne(URL);
    expect(request.request.body).toEqual({ brief: { business: { country: 'DE' } } });
    request.flush(STRATEGY);
    await settle();
  });

  it('saves what is typed while a save is under way', async () => {
    industry('Coffee');
    jest.advanceTimersByTime(600);
    const first = http.expectOne(URL);
    industry('Cocoa');
    first.flush(STRATEGY);
    await settle();
    const second = http.expectOne(URL);
    expect(second.request.body).toEqual({ brief: { business: { industry: 'Cocoa' } } });
    second.flush(STRATEGY);
    await settle();
    expect(saver.state()).toBe('saved');
  });

  it('holds back a faulty field only', async () => {
    saver.edit((draft) => ({ ...draft, brief: { business: { industry: 'Coffee', horizonWeeks: 1 } } }));
    jest.advanceTimersByTime(600);
    const request = http.expectOne(URL);
    expect(request.request.body).toEqual({ brief: { business: { industry: 'Coffee' } } });
    request.flush(STRATEGY);
    await settle();
    expect(saver.state()).toBe('incomplete');
    expect(saver.faults().map(({ path }) => path)).toEqual(['brief.business.horizonWeeks']);
    expect(readUnsavedBrief('s1')).toEqual({ brief: { business: { horizonWeeks: 1 } } });
  });

  it('shows the faults that the server finds, at their fields', async () => {
    industry('Coffee');
    jest.advanceTimersByTime(600);
    const errors = [{ path: 'brief.business.industry', code: 'invalid', message: 'No.' }];
    http
      .expectOne(URL)
      .flush({ detail: 'Check the brief.', code: 'validation_failed', errors }, { status: 422, statusText: 'x' });
    await settle();
    expect(saver.state()).toBe('refused');
    expect(saver.faults()).toEqual(errors);
    expect(saver.problem()).toBe('Check the brief.');
  });
});
