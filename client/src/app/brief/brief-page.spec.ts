import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BRIEF_FIELDS, type BriefDraft, briefDraftSchema } from '@throughline/strategy-contract';
import * as v from 'valibot';
import { BriefPage } from './brief-page';

const URL = '/api/v1/strategies/s1';
const COMPLETE: BriefDraft = {
  business: { objectives: ['More leads'], targetMetrics: [{ name: 'Leads', unit: 'leads' }] },
  audience: { painPoints: ['Time'], preferences: ['article'] },
  competition: { competitors: [] },
  content: { formats: ['article'], frequency: 'weekly', voice: 'friendly' },
};

describe('BriefPage', () => {
  let http: HttpTestingController;
  let fixture: ComponentFixture<BriefPage>;
  let element: HTMLElement;
  const field = (path: string) => element.querySelector<HTMLElement>(`[id="field-${path}"]`)!;
  const button = (label: string) =>
    [...element.querySelectorAll<HTMLElement>('button')].find((each) => each.textContent?.includes(label))!;

  beforeEach(() => {
    localStorage.clear();
    Element.prototype.scrollIntoView = () => undefined;
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([])],
    });
    http = TestBed.inject(HttpTestingController);
  });

  afterEach(() => {
    fixture.destroy();
    http.match(URL);
  });

  /** Lets answers reach the page: each one passes several promises. */
  async function settle() {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    await fixture.whenStable();
  }

  async function open(brief: BriefDraft) {
    fixture = TestBed.createComponent(BriefPage);
    fixture.componentRef.setInput('id', 's1');
    element = fixture.nativeElement as HTMLElement;
    TestBed.tick();
    http.expectOne(URL).flush({ id: 's1', name: 'Clinics', brief, createdAt: '', updatedAt: '' });
    http.expectOne((request) => request.url.startsWith('/api/v1/content-sources')).flush({ items: [] });
    await fixture.whenStable();
  }

  async function type(input: Element | null, text: string, event = 'input') {
    (input as HTMLInputElement).value = text;
    input!.dispatchEvent(new Event(event));
    await fixture.whenStable();
  }

  /** Saves what was typed and returns what was sent. */
  async function saved(): Promise<unknown> {
    const page = fixture.componentInstance as unknown as { saver: { flush(): Promise<boolean> } };
    const flushed = page.saver.flush();
    await Promise.resolve();
    const request = http.expectOne((each) => each.method === 'PATCH');
    request.flush({});
    await flushed;
    await fixture.whenStable();
    return request.request.body;
  }

  it('has an editor for each field of the brief, in its order', async () => {
    await open({});
    const shown = [...element.querySelectorAll('tl-brief-field')].map(({ id }) => id);
    expect(shown).toEqual(BRIEF_FIELDS.map(({ path }) => `field-${path}`));
    for (const { path } of BRIEF_FIELDS) {
      expect([path, field(path).querySelector('input, textarea, select, button') !== null]).toEqual([path, true]);
    }
    expect(element.querySelectorAll('.required')).toHaveLength(BRIEF_FIELDS.filter((each) => each.isRequired).length);
  });

  it('saves what is typed in the shape that the server takes', async () => {
    await open({});
    await type(field('business.objectives').querySelector('textarea'), 'More leads\n\n Fewer calls \n');
    await type(field('business.horizonWeeks').querySelector('input'), '12');
    field('audience.preferences').querySelector<HTMLInputElement>('input[type=checkbox]')!.click();
    await type(field('content.frequency').querySelector('select'), 'weekly', 'change');
    field('competition.competitors').querySelector<HTMLInputElement>('input[type=checkbox]')!.click();
    field('analytics.testing').querySelectorAll<HTMLInputElement>('input')[1]!.click();
    field('content.timing').querySelector<HTMLInputElement>('input[type=checkbox]')!.click();
    await fixture.whenStable();
    const sent = (await saved()) as { brief: BriefDraft };
    expect(sent.brief).toEqual({
      business: { objectives: ['More leads', 'Fewer calls'], horizonWeeks: 12 },
      audience: { preferences: ['article'] },
      competition: { competitors: [] },
      content: { frequency: 'weekly', timing: { weekdays: [1] } },
      analytics: { testing: false },
    });
    expect(v.is(briefDraftSchema, sent.brief)).toBe(true);
  });

  it('counts an entry of a list once what it needs is there', async () => {
    await open({});
    const metrics = field('business.targetMetrics');
    button('Add a metric').click();
    await fixture.whenStable();
    expect(metrics.textContent).toContain('Fill in what is needed');
    await type(metrics.querySelector('input'), 'Leads');
    expect(await saved()).toEqual({ brief: { business: { targetMetrics: [{ name: 'Leads', unit: 'visits' }] } } });
  });

  it('keeps rates as shares and shows them as percent', async () => {
    await open({ analytics: { conversionRates: { 'Visit to lead': 0.07 } } });
    const amount = field('analytics.conversionRates').querySelector<HTMLInputElement>('.amount')!;
    expect(amount.value).toBe('7');
    await type(amount, '8');
    expect(await saved()).toEqual({ brief: { analytics: { conversionRates: { 'Visit to lead': 0.08 } } } });
  });

  it('marks what a run lacks, at its fields, and starts none', async () => {
    await open({});
    button('Make the strategy').click();
    await settle();
    const marked = [...element.querySelectorAll('tl-brief-field')].filter((each) => each.querySelector('.tl-fault'));
    expect(marked).toHaveLength(BRIEF_FIELDS.filter((each) => each.isRequired).length);
    expect(field('business.objectives').contains(document.activeElement)).toBe(true);
    http.expectNone((request) => request.method === 'POST');
  });

  it('starts a run and keeps its key until one has started', async () => {
    const navigate = jest.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
    await open(COMPLETE);
    button('Make the strategy').click();
    await settle();
    const first = http.expectOne(`${URL}/runs`);
    first.error(new ProgressEvent('error'), { status: 0 });
    await settle();
    button('Make the strategy').click();
    await settle();
    const second = http.expectOne(`${URL}/runs`);
    expect(second.request.headers.get('Idempotency-Key')).toBe(first.request.headers.get('Idempotency-Key'));
    second.flush({ id: 'r9' });
    await settle();
    expect(navigate).toHaveBeenCalledWith(['/runs', 'r9']);
  });

  it('leads to the run that is already under way', async () => {
    const navigate = jest.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
    await open(COMPLETE);
    button('Make the strategy').click();
    await settle();
    const problem = { code: 'run_active', status: 409, detail: 'One is under way.', runId: 'r7' };
    http.expectOne(`${URL}/runs`).flush(problem, { status: 409, statusText: 'Conflict' });
    await settle();
    expect(navigate).toHaveBeenCalledWith(['/runs', 'r7']);
  });

  it('shows the faults of the server at the entry that they are about', async () => {
    await open(COMPLETE);
    button('Make the strategy').click();
    await settle();
    const errors = [{ path: 'brief.business.targetMetrics.0.by', code: 'invalid', message: 'This day is over.' }];
    const problem = { code: 'validation_failed', status: 422, detail: 'Check the brief.', errors };
    http.expectOne(`${URL}/runs`).flush(problem, { status: 422, statusText: 'Unprocessable' });
    await settle();
    expect(field('business.targetMetrics').querySelector('.tl-fault')?.textContent).toContain(
      'Entry 1, by: This day is over.',
    );
  });
});
