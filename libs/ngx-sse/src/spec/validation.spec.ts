import { describe, expect, it } from '@jest/globals';
import type { Message } from '@throughline/sse-protocol';
import { withTransport, type InvalidMessage, type StandardSchema } from '../index';
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

  it('refuses a schema that is asynchronous, since it would break the order', () => {
    const { client, server } = setUpClient();
    const connection = client.connect<Events>(URL, {
      validate: {
        '~standard': { version: 1, vendor: 'test', validate: () => Promise.reject(new Error('too late')) },
      },
    });
    const invalid: InvalidMessage[] = [];
    connection.invalid.subscribe((each) => invalid.push(each));
    server.expectOne(URL).open().message('status', {}, '1');
    expect(invalid).toMatchObject([{ reason: 'asynchronous' }]);
  });

  it('checks pages as well, and lets each reader check for itself', async () => {
    const { client, server } = setUpClient(withTransport('polling'));
    const strict = record(client.connect(URL, { validate: () => false }));
    const trusting = record(client.connect(URL));
    await server.expectPage(URL).respond({ events: [{ event: 'status', id: '1', data: {} }] });
    expect([strict.ids, trusting.ids]).toEqual([[], ['1']]);
  });
});
