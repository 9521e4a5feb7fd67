import { HttpTestingController } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { withPollingFallback } from '@throughline/ngx-sse';
import { SseTestingController, type TestStream } from '@throughline/ngx-sse/testing';
import { providePageTesting } from '../testing/provide-page-testing';
import type { Connection } from './connection-changes';
import { OperationsPage } from './operations-page';

const LIST = '/api/v1/operations/connections';
const EVENTS = `${LIST}/events`;
const USERS = '/api/v1/users?limit=200';
const NOW = '2026-01-01T00:00:00.000Z';

const stream = (id: string, more: Partial<Connection> = {}): Connection => ({
  id,
  user: `user-${id}`,
  channels: [`run:${id}`],
  since: NOW,
  cursor: '',
  bytesQueued: 0,
  ...more,
});

describe('OperationsPage', () => {
  let sse: SseTestingController;
  let http: HttpTestingController;
  let fixture: ComponentFixture<OperationsPage>;
  let id: number;
  const element = () => fixture.nativeElement as HTMLElement;
  const text = (selector: string) => element().querySelector(selector)?.textContent?.replace(/\s+/g, ' ').trim();
  const rows = () =>
    [...element().querySelectorAll('tbody tr')].map((row) =>
      [...row.querySelectorAll('td')]
        .slice(0, 5)
        .map((cell) => cell.textContent?.trim())
        .join(' '),
    );
  const users = () => rows().map((row) => row.split(' ')[0]);

  beforeEach(() => {
    id = 0;
    TestBed.configureTestingModule({
      providers: [...providePageTesting(withPollingFallback())],
    });
    sse = TestBed.inject(SseTestingController);
    http = TestBed.inject(HttpTestingController);
    fixture = TestBed.createComponent(OperationsPage);
  });

  afterEach(() => {
    http.verify();
    fixture.destroy();
    sse.verifyNothingLeft();
  });

  async function settle(ms = 50) {
    await sse.advance(ms);
    TestBed.tick();
    await sse.advance(50);
    TestBed.tick();
  }

  async function open(): Promise<TestStream> {
    await settle();
    http.expectOne(USERS).flush({ items: [{ id: 'user-a', email: 'ada@example.org' }] });
    const opened = sse.expectOne(EVENTS).open();
    await settle();
    return opened;
  }

  const message = (changes: object) => ({ timestamp: NOW, opened: [], closed: [], changed: [], ...changes });
  async function tell(to: TestStream, changes: object) {
    to.message('connections', message(changes), `e-${(id += 1)}`);
    await settle();
  }

  it('shows streams as they open, move and close, each in its place', async () => {
    await settle();
    expect(element().querySelector('tl-loading')).not.toBeNull();
    const live = await open();
    expect(text('.tl-page')).toContain('No stream is open.');
    await tell(live, { opened: [stream('a'), stream('b', { channels: ['x', 'y'] })] });
    await tell(live, { opened: [stream('c')], changed: [{ id: 'a', cursor: '12', bytesQueued: 34_567 }] });
    expect(users()).toEqual(['ada@example.org', 'user-b', 'user-c']);
    expect(rows()[0]).toMatch(/12 34,567$/);
    expect(rows()[1]).toContain('x, y');
    expect(text('.more')).toContain('3 streams, the oldest first');
    await tell(live, { closed: [{ id: 'b', reason: 'disconnected' }] });
    expect(users()).toEqual(['ada@example.org', 'user-c']);
  });

  it('shows the state of its own connection, and goes on where it was', async () => {
    const live = await open();
    await tell(live, { opened: [stream('a')] });
    expect(text('tl-connection-chip')).toContain('Live');
    live.drop();
    await settle();
    expect(text('tl-connection-chip')).toContain('Reconnecting in 1 s');
    expect(users()).toEqual(['ada@example.org']);
    await settle(1000);
    const again = sse.expectOne(EVENTS).open();
    expect(again.url).toContain('lastEventId=e-1');
    await tell(again, { opened: [stream('b')] });
    expect(users()).toEqual(['ada@example.org', 'user-b']);
  });

  it('polls the same changes where streams do not get through', async () => {
    await settle();
    http.expectOne(USERS).flush(null, { status: 503, statusText: 'Unavailable' });
    for (const delayMs of [1000, 2000, 0]) {
      sse.expectOne(EVENTS).drop();
      await settle(delayMs);
    }
    const events = [{ event: 'connections', id: 'e-1', data: message({ opened: [stream('a')] }) }];
    await sse.expectPage(EVENTS).respond({ events });
    await settle();
    expect(text('tl-connection-chip')).toContain('Polling');
    expect(users()).toEqual(['user-a']);
  });

  it('reads the list where changes are no longer kept, and folds in what came meanwhile', async () => {
    const live = await open();
    await tell(live, { opened: [stream('gone')] });
    live.control('stream.gap', { reason: 'trimmed', from: '', to: 'e-70', snapshot: LIST });
    live.message('connections', message({ opened: [stream('a')], closed: [{ id: 'b', reason: 'slow' }] }), 'e-71');
    await settle();
    http.expectOne(LIST).flush({ items: [stream('a', { cursor: '5' }), stream('c')], cursor: 'e-71' });
    await settle();
    expect(users()).toEqual(['ada@example.org', 'user-c']);
  });

  it('shows at once that a stream was closed', async () => {
    const live = await open();
    await tell(live, { opened: [stream('a'), stream('b')] });
    element().querySelector<HTMLElement>('[aria-label="Close the stream of ada@example.org on run:a"]')!.click();
    http.expectOne({ method: 'DELETE', url: `${LIST}/a` }).flush(null);
    await settle();
    expect(users()).toEqual(['user-b']);
    expect(text('[role=status]')).toBe('The stream of ada@example.org was closed.');
    await tell(live, { closed: [{ id: 'a', reason: 'revoked' }] });
    expect(users()).toEqual(['user-b']);
  });

  it('says why a stream could not be closed, and keeps it', async () => {
    await tell(await open(), { opened: [stream('a')] });
    element().querySelector<HTMLElement>('tbody button')!.click();
    http
      .expectOne(`${LIST}/a`)
      .flush({ code: 'not_found', detail: 'There is no such connection.' }, { status: 404, statusText: 'Not Found' });
    await settle();
    expect(text('[role=alert]')).toContain('There is no such connection.');
    expect(users()).toEqual(['ada@example.org']);
  });

  it('shows the first of thousands, and more when asked', async () => {
    const live = await open();
    await tell(live, { opened: Array.from({ length: 450 }, (_, n) => stream(String(n))) });
    expect(rows()).toHaveLength(200);
    expect(text('.more')).toContain('The 200 oldest of 450 streams');
    element().querySelector<HTMLElement>('.more button')!.click();
    await settle();
    expect(rows()).toHaveLength(400);
  });

  it.each([
    { opened: [{ id: 'a' }] },
    { opened: 'none' },
    { closed: [null] },
    { changed: [{ cursor: '1', bytesQueued: 1 }] },
  ])('does not show what is not of the shape that was agreed: %j', async (changes) => {
    const live = await open();
    await tell(live, { opened: [stream('a')] });
    await tell(live, changes);
    expect(users()).toEqual(['ada@example.org']);
  });

  it('says that only admins may see it, and leads to the sign-in when the session has ended', async () => {
    const navigate = jest.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
    (await open()).fail(403);
    await settle();
    expect(text('[role=alert]')).toContain('You may not see this any more.');
    element().querySelector<HTMLElement>('tl-load-error button')!.click();
    await settle();
    sse.expectOne(EVENTS).fail(401);
    await settle();
    expect(navigate).toHaveBeenCalledWith(['/sign-in'], { queryParams: { returnUrl: '/' } });
  });
});
