import { HttpErrorResponse } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { provideSse, SSE_EVENT_SOURCE, SSE_FETCH, SseClient, withPollingFallback, withTicket } from './index';
import { SseError } from './sse-error';
import { provideSseTesting, SseTestingController } from './testing/index';

/** Everything that a log, a debugger or a report could show of a value. */
function everythingIn(value: unknown, seen = new Set<unknown>()): string {
  if (typeof value !== 'object' || value === null || seen.has(value)) return String(value);
  seen.add(value);
  const names = [...Object.getOwnPropertyNames(value), 'name', 'message'];
  const parts = names.map((name) => everythingIn((value as Record<string, unknown>)[name], seen));
  return [String(value), JSON.stringify(value), ...parts].join('\n');
}

/** A URL with a secret in its query, as the application and the browser would quote it. */
interface Secret {
  readonly url: string;
  readonly ticket: string;
}

type Trouble = (world: {
  readonly secret: Secret;
  readonly server: SseTestingController;
  readonly settleTicket: (outcome: unknown) => void;
  readonly breakSnapshot: (error: unknown) => void;
}) => void | Promise<void>;

const quoting = ({ url, ticket }: Secret, status: number) =>
  new HttpErrorResponse({ status, statusText: 'no', url: `${url}&ticket=${ticket}` });

const openStream = (server: SseTestingController) => server.expectOne(() => true).open();

const TROUBLES: Readonly<Record<string, Trouble>> = {
  'the network': ({ server }) => openStream(server).drop(),
  silence: async ({ server }) => {
    openStream(server);
    await server.advance(60_000);
  },
  'no first byte': ({ server }) => server.advance(11_000),
  'a close': ({ server }) => openStream(server).close('overloaded'),
  'another connection': ({ server }) => openStream(server).close('superseded'),
  'a page that cannot be had': async ({ server, settleTicket, secret }) => {
    server.expectOne(() => true).fail();
    settleTicket(secret.ticket);
    await server.advance(0);
    await server.expectPage(() => true).drop();
  },
  ...Object.fromEntries(
    [400, 401, 403, 404, 410, 429, 500].map((status): [string, Trouble] => [
      `status ${status}`,
      async ({ server, settleTicket, secret }) => {
        server.expectOne(() => true).fail();
        settleTicket(secret.ticket);
        await server.advance(0);
        await server.expectPage(() => true).respondWith(status, { detail: secret.url });
      },
    ]),
  ),
  'a ticket that is refused': async ({ server, settleTicket, secret }) => {
    openStream(server).drop();
    await server.advance(1_000);
    settleTicket(quoting(secret, 401));
    await server.advance(0);
  },
  'a ticket that cannot be had': async ({ server, settleTicket, secret }) => {
    openStream(server).drop();
    await server.advance(1_000);
    settleTicket(quoting(secret, 0));
    await server.advance(0);
  },
  'a snapshot that cannot be had': async ({ server, breakSnapshot, secret }) => {
    openStream(server).control('stream.gap', { reason: 'trimmed', from: '', to: '9', snapshot: secret.url });
    breakSnapshot(quoting(secret, 500));
    await server.advance(0);
  },
};

/** Lives through one trouble and returns all that was said of it. */
async function sayingsOf(trouble: Trouble, secret: Secret): Promise<string> {
  TestBed.resetTestingModule();
  let settleTicket: (outcome: unknown) => void = () => {};
  let breakSnapshot: (error: unknown) => void = () => {};
  const ticket = withTicket(
    () =>
      new Promise((resolve, reject) => {
        settleTicket = (outcome) => (typeof outcome === 'string' ? resolve(outcome) : reject(outcome as Error));
      }),
  );
  TestBed.configureTestingModule({ providers: [provideSse(ticket), provideSseTesting()] });
  const server = TestBed.inject(SseTestingController);
  const connection = TestBed.inject(SseClient).connect(secret.url, {
    onGap: () => new Promise<void>((_, reject) => (breakSnapshot = reject)),
  });
  const errors: unknown[] = [];
  connection.messages.subscribe({ error: (error) => errors.push(error) });
  settleTicket(secret.ticket);
  await server.advance(0);
  await trouble({
    secret,
    server,
    settleTicket: (outcome) => settleTicket(outcome),
    breakSnapshot: (error) => breakSnapshot(error),
  });
  expect(connection.error()).toBeInstanceOf(SseError);
  const said = [...errors, connection.error()].map((error) => everythingIn(error)).join('\n');
  connection.close();
  return said;
}

const secrets = fc
  .tuple(fc.stringMatching(/^[\w~.-]{12,40}$/), fc.stringMatching(/^[\w~.-]{12,40}$/))
  .map(([token, ticket]) => ({ token, ticket }));

describe('SseError', () => {
  afterEach(() => void jest.restoreAllMocks());

  it.each(Object.entries(TROUBLES))('carries no ticket and no query of a URL after %s', async (_, trouble) => {
    const logs = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      jest.spyOn(console, name).mockImplementation(() => {}),
    );
    await fc.assert(
      fc.asyncProperty(secrets, async ({ token, ticket }) => {
        const said = await sayingsOf(trouble, { url: `https://api.test/events?token=${token}`, ticket });
        const logged = logs.flatMap((log) => log.mock.calls.flat()).map((each) => everythingIn(each));
        for (const text of [said, ...logged]) {
          expect(text).not.toContain(token);
          expect(text).not.toContain(ticket);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('keeps the address to itself where the browser quotes what it cannot open', async () => {
    const url = 'https://api.test/events?token=t0psecret';
    const Refusing = class {
      constructor(quoted: string) {
        throw new SyntaxError(`The URL '${quoted}' is invalid.`);
      }
    };
    TestBed.configureTestingModule({
      providers: [
        provideSse(withPollingFallback()),
        provideSseTesting(),
        { provide: SSE_EVENT_SOURCE, useValue: Refusing },
        { provide: SSE_FETCH, useValue: (quoted: string) => Promise.reject(new TypeError(`Failed: ${quoted}`)) },
      ],
    });
    const connection = TestBed.inject(SseClient).connect(url);
    const errors: unknown[] = [];
    connection.messages.subscribe({ error: (error) => errors.push(error) });
    await TestBed.inject(SseTestingController).advance(0);
    expect(connection.error()?.code).toBe('bad_request');
    expect(everythingIn([errors, connection.error()])).not.toContain('t0psecret');
  });

  it('keeps what an application threw as text, without queries and fragments, and its status', () => {
    const cause = new HttpErrorResponse({ status: 503, statusText: 'busy', url: 'https://a.test/s?sig=abc&x=1' });
    const error = new SseError('snapshot_failed', 'See https://a.test/#key=abc, then ask: why?', { cause });
    expect(error.message).toBe('See https://a.test/?… then ask: why?');
    expect(error.cause).toBe('Http failure response for https://a.test/s?… 503 busy');
    expect(error.status).toBe(503);
    expect(new SseError('refused', 'no').cause).toBeUndefined();
    expect(new SseError('refused', 'no', { cause: null }).cause).toBe('null');
    expect(new SseError('refused', 'no', { status: 429, cause: 'x?y' })).toMatchObject({ status: 429, cause: 'x?…' });
  });

  it('says which troubles pass', () => {
    const passing = [
      'connection_lost',
      'no_first_byte',
      'silent',
      'refused',
      'ticket_failed',
      'snapshot_failed',
    ] as const;
    const final = ['unsupported', 'bad_request', 'unauthorized', 'forbidden', 'not_found', 'superseded'] as const;
    const others = ['gap_unhandled', 'oversized', 'gave_up'] as const;
    expect(passing.map((code) => new SseError(code, '').isPassing)).toEqual(passing.map(() => true));
    expect([...final, ...others].filter((code) => new SseError(code, '').isPassing)).toEqual([]);
  });
});
