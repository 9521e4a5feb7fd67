import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import type { Gap } from '@throughline/sse-protocol';
import {
  provideSse,
  SseClient,
  withCredentials,
  withFetchTransport,
  withPollingFallback,
  withServiceWorkerBypass,
  withTicket,
  withTransport,
  type SseConnection,
  type SseConnectOptions,
  type SseFeature,
} from '../../index';
import { provideSseTesting, SseTestingController } from '../../testing/index';
import { ScriptedServer, URL, type TransportName } from './scripted-server';

type Events = Record<string, unknown>;

const GAP: Gap = { reason: 'trimmed', from: '', to: '40', snapshot: '/snapshot' };
const NAMES = ['native', 'fetch', 'polling'] as const;

/** A client whose transport can be changed, and its server. */
function setUp(first: TransportName, options: SseConnectOptions<Events> = {}, ...features: SseFeature[]) {
  let transport = first;
  TestBed.configureTestingModule({
    providers: [
      provideSse(
        withPollingFallback(),
        withFetchTransport(),
        withTransport(() => transport),
        ...features,
      ),
      provideSseTesting(),
    ],
  });
  const controller = TestBed.inject(SseTestingController);
  const server = new ScriptedServer(controller, () => transport);
  const connection = TestBed.inject(SseClient).connect<Events>(URL, { events: ['tick', 'message'], ...options });
  const switchTo = (next: TransportName) => {
    transport = next;
    connection.reconnect();
  };
  return { controller, server, connection, switchTo, got: record(connection) };
}

function record(connection: SseConnection<Events>) {
  const got = { messages: [] as [string, string, unknown][], end: undefined as string | undefined };
  connection.messages.subscribe({
    next: ({ event, id, data }) => got.messages.push([event, id, data]),
    error: (error: { code: string }) => (got.end = error.code),
    complete: () => (got.end = 'complete'),
  });
  return got;
}

const tick = (id: number) => ({ event: 'tick', id: String(id), data: { n: id } });
const ticks = (...ids: number[]) => ids.map((id) => ['tick', String(id), { n: id }]);

/** What every transport must do alike. */
export function describeTransport(name: TransportName): void {
  describe(`${name}, as every transport`, () => {
    it('gives messages once, in order, with their ids and data, and passes over events that nobody wants', async () => {
      const { server, got, connection } = setUp(name);
      await server.give(tick(1), { event: 'strange', id: '2', data: {} }, tick(3), tick(1), tick(4));
      expect(got.messages).toEqual(ticks(1, 3, 4));
      expect(connection.state()).toBe(name === 'polling' ? 'polling' : 'open');
      expect(connection.error()).toBeUndefined();
      expect(got.end).toBeUndefined();
    });

    it('goes on after the last id when the connection breaks, and drops what comes again', async () => {
      const { server, got, connection } = setUp(name);
      await server.give(tick(1), tick(2));
      await server.breakOff();
      expect(connection.error()?.code).toBe('connection_lost');
      expect(await server.next()).toBe('2');
      await server.give(tick(1), tick(2), tick(3));
      expect(connection.error()).toBeUndefined();
      expect(got.messages).toEqual(ticks(1, 2, 3));
    });

    it('begins after the id that the caller names', async () => {
      const { server, got } = setUp(name, { lastEventId: '7' });
      expect(await server.next()).toBe('7');
      await server.give(tick(7), tick(8));
      expect(got.messages).toEqual(ticks(8));
    });

    it('waits longer with each failure, and is back at once when told so', async () => {
      const { server, connection, controller } = setUp(name);
      for (const delayMs of [1_000, 2_000]) {
        await server.breakOff();
        await controller.advance(delayMs - 1);
        expect(server.isAsked).toBe(false);
        await controller.advance(1);
        expect(server.isAsked).toBe(true);
      }
      await server.breakOff();
      expect(connection.attempt()).toBe(3);
      connection.reconnect();
      expect(server.isAsked).toBe(true);
    });

    it('ends well when the server says that all is told, and leaves nothing behind', async () => {
      const { server, got, connection, controller } = setUp(name);
      await server.give(tick(1));
      await server.complete(tick(2));
      expect(got.messages).toEqual(ticks(1, 2));
      expect(got.end).toBe('complete');
      expect(connection.state()).toBe('closed');
      controller.verifyNothingLeft();
    });

    it.each([
      [204, 'complete'],
      [400, 'bad_request'],
      [401, 'unauthorized'],
      [403, 'forbidden'],
      [404, 'not_found'],
      [410, 'not_found'],
    ])('ends on status %i', async (status, end) => {
      const { server, got, connection, controller } = setUp(name);
      await server.refuse(status);
      expect(got.end).toBe(end);
      expect(connection.error()?.status).toBe(status === 204 ? undefined : status);
      controller.verify();
      controller.verifyNothingLeft();
    });

    it.each([429, 500, 503])('tries again after status %i, when the server says', async (status) => {
      const { server, got, connection, controller } = setUp(name);
      await server.refuse(status, { 'Retry-After': '7' });
      expect(connection.error()).toMatchObject({ code: 'refused', status });
      await controller.advance(6_999);
      expect(server.isAsked).toBe(false);
      await controller.advance(1);
      await server.give(tick(1));
      expect(got.messages).toEqual(ticks(1));
    });

    it('tries again where the answer is neither stream nor page, as behind a sign-in page', async () => {
      const { server, got, connection } = setUp(name);
      await server.refuse(200, { 'content-type': 'text/html' });
      expect(connection.error()?.isPassing).toBe(true);
      expect(await server.next()).toBe('');
      await server.give(tick(1));
      expect(got.messages).toEqual(ticks(1));
    });

    it('holds what follows a gap until the snapshot is there, and goes on from its end', async () => {
      let settle = (): void => undefined;
      const gaps: Gap[] = [];
      const onGap = (gap: Gap) => {
        gaps.push(gap);
        return new Promise<void>((resolve) => (settle = resolve));
      };
      const { server, got, controller } = setUp(name, { onGap });
      await server.giveGap(GAP, tick(41));
      expect(got.messages).toEqual([]);
      settle();
      await controller.advance(0);
      expect(gaps).toEqual([GAP]);
      expect(got.messages).toEqual(ticks(41));
      await server.breakOff();
      expect(await server.next()).toBe('41');
    });

    it('ends where nothing can make up for a gap', async () => {
      const { server, got, controller } = setUp(name);
      await server.giveGap(GAP, tick(41));
      expect(got.messages).toEqual([]);
      expect(got.end).toBe('gap_unhandled');
      controller.verifyNothingLeft();
    });

    it('gives data that is not JSON as text where that is wanted', async () => {
      const { server, got } = setUp(name, { acceptsText: true });
      await server.giveText('hello', '1');
      await server.give(tick(2));
      expect(got.messages).toEqual([['message', '1', 'hello'], ...ticks(2)]);
    });

    it('asks with a fresh ticket and as told each time, and keeps both out of errors', async () => {
      let tickets = 0;
      const ticket = withTicket(() => Promise.resolve(`secret-${(tickets += 1)}`));
      const { server, connection, controller } = setUp(name, {}, ticket, withServiceWorkerBypass(), withCredentials());
      for (const secret of ['secret-1', 'secret-2']) {
        await controller.advance(0);
        expect(server.asked).toEqual({ ticket: secret, 'ngsw-bypass': 'true', withCredentials: true });
        await server.breakOff();
        const error = connection.error();
        expect([String(error), error?.stack, JSON.stringify(error), String(error?.cause)].join()).not.toContain(
          'secret',
        );
        await server.next();
      }
    });

    it('tells nothing after it was closed, whenever that was, and leaves nothing behind', async () => {
      const moments = [
        () => undefined,
        (server: ScriptedServer) => server.give(tick(1)),
        (server: ScriptedServer) => server.breakOff(),
      ];
      for (const happen of moments) {
        TestBed.resetTestingModule();
        const { server, got, connection, controller } = setUp(name);
        await happen(server);
        const before = got.messages.length;
        connection.close();
        await controller.advance(3_600_000);
        expect(got.messages).toHaveLength(before);
        expect(got.end).toBe('complete');
        controller.verify();
        controller.verifyNothingLeft();
      }
    });

    it('stops in the middle of what came when a subscriber closes', async () => {
      const { server, connection, got, controller } = setUp(name);
      connection.messages.subscribe(({ id }) => {
        if (id === '2') connection.close();
      });
      await server.give(tick(1), tick(2), tick(3));
      expect(got.messages).toEqual(ticks(1, 2));
      controller.verifyNothingLeft();
    });

    it.each(NAMES.filter((other) => other !== name))('hands over to %s with the place kept', async (other) => {
      const { server, got, switchTo, controller } = setUp(name);
      await server.give(tick(1), tick(2));
      switchTo(other);
      expect(await server.next()).toBe('2');
      await server.give(tick(2), tick(3));
      switchTo(name);
      expect(await server.next()).toBe('3');
      await server.give(tick(3), tick(4));
      await server.complete();
      expect(got.messages).toEqual(ticks(1, 2, 3, 4));
      expect(got.end).toBe('complete');
      controller.verifyNothingLeft();
    });
  });
}
