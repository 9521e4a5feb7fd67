import { describe, expect, it } from '@jest/globals';
import type { Message } from '@throughline/sse-protocol';
import { withTransport, type InvalidMessage, type MessageValidator, type StandardSchema } from '../index';
import { record, setUpClient, statusData, URL } from './set-up-client';

type Events = { status: { status: string } };

const schema: StandardSchema<Message<Events>> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) => {
      const { data } = value as Message<Events>;
      if (typeof data.status !== 'string') return { issues: [{ message: 'no status', path: ['data', 'status'] }] };
      return { value: { event: 'status', id: '1', data: { status: data.status.toUpperCase() } } };
    },
  },
};

function asynchronous(validate: () => unknown): StandardSchema<Message<Events>> {
  return { '~standard': { version: 1, vendor: 'test', validate: validate as () => Promise<never> } };
}

/** A promise that is no instance of `Promise`. */
function promiseOfAnotherRealm(): unknown {
  const prototype = Object.create(null, Object.getOwnPropertyDescriptors(Promise.prototype)) as object;
  return Object.setPrototypeOf(Promise.resolve(true), prototype);
}

describe('validation', () => {
  it('reports what is not JSON, and goes on behind it', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    const got = record(connection);
    const invalid: InvalidMessage[] = [];
    connection.invalid.subscribe((each) => invalid.push(each));
    const stream = server.expectOne(URL).open().message('status', statusData(), '1').raw('status', '{oops', '2');
    expect(invalid).toMatchObject([{ event: 'status', id: '2', reason: 'not_json', data: '{oops' }]);
    expect(got.ids).toEqual(['1']);
    stream.drop();
    await server.advance(1_000);
    expect(server.expectOne(URL).url).toBe(`${URL}?lastEventId=2`);
  });

  it('takes a function that says yes or no', () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL, { validate: ({ id }) => id !== '2' });
    const got = record(connection);
    const invalid: InvalidMessage[] = [];
    connection.invalid.subscribe((each) => invalid.push(each));
    const stream = server.expectOne(URL).open();
    for (const id of ['1', '2', '3']) stream.message('status', statusData(), id);
    expect(got.ids).toEqual(['1', '3']);
    expect(invalid).toMatchObject([{ id: '2', reason: 'rejected', data: statusData() }]);
  });

  it('takes a function that throws, and keeps the stream alive', () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL, {
      validate: () => {
        throw new Error('not today');
      },
    });
    const invalid: InvalidMessage[] = [];
    connection.invalid.subscribe((each) => invalid.push(each));
    server.expectOne(URL).open().message('status', statusData(), '1');
    expect(invalid).toMatchObject([{ reason: 'rejected', issues: [{ message: 'not today' }] }]);
    expect(connection.state()).toBe('open');
  });

  it('takes a Standard Schema, and delivers what it makes of the message', () => {
    const { client, server } = setUpClient();
    const connection = client.connect<Events>(URL, { validate: schema });
    const data: unknown[] = [];
    const invalid: InvalidMessage[] = [];
    connection.on('status').subscribe((each) => data.push(each));
    connection.invalid.subscribe((each) => invalid.push(each));
    server.expectOne(URL).open().message('status', { status: 'running' }, '1').message('status', {}, '2');
    expect(data).toEqual([{ status: 'RUNNING' }]);
    expect(invalid).toMatchObject([{ id: '2', issues: [{ message: 'no status', path: ['data', 'status'] }] }]);
  });

  it.each<[string, MessageValidator<Events>]>([
    ['a schema that is asynchronous', asynchronous(() => Promise.reject(new Error('too late')))],
    ['a schema whose promise is of another realm', asynchronous(promiseOfAnotherRealm)],
    ['a function that is asynchronous', (() => Promise.resolve(true)) as unknown as MessageValidator<Events>],
  ])('refuses %s, since it would break the order', async (_, validate) => {
    const { client, server } = setUpClient();
    const connection = client.connect<Events>(URL, { validate });
    const got: unknown[] = [];
    const invalid: InvalidMessage[] = [];
    connection.messages.subscribe((each) => got.push(each));
    connection.invalid.subscribe((each) => invalid.push(each));
    server.expectOne(URL).open().message('status', {}, '1').message('status', {}, '2');
    await server.advance(0);
    expect(invalid).toMatchObject([
      { id: '1', reason: 'asynchronous', issues: [{ message: expect.stringContaining('synchronously') as unknown }] },
      { id: '2', reason: 'asynchronous' },
    ]);
    expect(got).toEqual([]);
    expect(connection.state()).toBe('open');
  });

  it.each([undefined, null, ''])('refuses what a function makes %p of, and keeps the stream alive', (nothing) => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL, { validate: () => nothing as unknown as boolean });
    const got = record(connection);
    const invalid: InvalidMessage[] = [];
    connection.invalid.subscribe((each) => invalid.push(each));
    server.expectOne(URL).open().message('status', statusData(), '1');
    expect(got.ids).toEqual([]);
    expect(invalid).toMatchObject([
      { id: '1', reason: 'rejected', issues: [{ message: 'This is no status message.' }] },
    ]);
  });

  it('keeps one reader going where the validator of another throws, and reports to that one alone', () => {
    const { client, server } = setUpClient();
    const broken = client.connect(URL, {
      validate: (): boolean => {
        throw 'no error at all';
      },
    });
    const sound = client.connect(URL);
    const [gotBroken, gotSound] = [record(broken), record(sound)];
    const invalid: [string, InvalidMessage][] = [];
    broken.invalid.subscribe((each) => invalid.push(['broken', each]));
    sound.invalid.subscribe((each) => invalid.push(['sound', each]));
    server.expectOne(URL).open().message('status', statusData(), '1').message('status', statusData(), '2');
    expect([gotBroken.ids, gotSound.ids]).toEqual([[], ['1', '2']]);
    expect(invalid.map(([who, { id, issues }]) => [who, id, issues[0]?.message])).toEqual([
      ['broken', '1', 'no error at all'],
      ['broken', '2', 'no error at all'],
    ]);
  });

  it('is not run for messages that nobody wants', () => {
    const { client, server } = setUpClient();
    let runs = 0;
    const connection = client.connect(URL, { validate: () => (runs += 1) > 0 });
    connection.on('progress').subscribe();
    server.expectOne(URL).open().message('status', statusData(), '1');
    expect(runs).toBe(0);
    expect(connection.state()).toBe('open');
  });

  it('checks pages as well, and lets each reader check for itself', async () => {
    const { client, server } = setUpClient(withTransport('polling'));
    const strict = record(client.connect(URL, { validate: () => false }));
    const trusting = record(client.connect(URL));
    await server.expectPage(URL).respond({ events: [{ event: 'status', id: '1', data: {} }] });
    expect([strict.ids, trusting.ids]).toEqual([[], ['1']]);
  });
});
