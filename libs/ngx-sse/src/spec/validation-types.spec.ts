import { describe, expect, it } from '@jest/globals';
import type { Message, RunEvents } from '@throughline/sse-protocol';
import type { SseConnection, StandardSchema } from '../index';
import { setUpClient, URL } from './set-up-client';

type Events = { a: { n: number }; b: { s: string } };
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type InferredEvents<C> = C extends SseConnection<infer E> ? E : never;

/** Compiles only for connections whose events are exactly `E`. */
function expectEvents<E>() {
  return <C>(_: C, isSame: Equal<InferredEvents<C>, E>) => {
    expect(isSame).toBe(true);
  };
}

/** As the libraries of schemas type theirs: by the output, which is no `Message` of ours. */
type Output = { event: 'a'; id: string; data: { n: number } } | { event: 'b'; id: string; data: { s: string } };

const schema: StandardSchema<Output> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) => {
      const { event, data } = value as { event: string; data: { n?: unknown; s?: unknown } };
      const isGood = event === 'a' ? typeof data.n === 'number' : typeof data.s === 'string';
      return isGood ? { value: value as Output } : { issues: [{ message: 'no' }] };
    },
  },
};

describe('the events of a connection, as types', () => {
  it('are those that a schema yields, and so are the messages', () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL, { validate: schema, events: ['a', 'b'], onGap: () => undefined });
    const got: [number[], string[], string[]] = [[], [], []];
    connection.on('a').subscribe(({ n }) => got[0].push(n));
    connection.on('b').subscribe(({ s }) => got[1].push(s));
    connection.messages.subscribe((each) => got[2].push(each.event === 'a' ? each.data.n.toFixed(1) : each.data.s));
    // @ts-expect-error -- the schema yields no such event
    connection.on('c');
    const stream = server.expectOne(URL).open();
    stream.message('a', { n: 1 }, '1').message('b', { s: 'x' }, '2').message('b', { s: 3 }, '3');
    expect(got).toEqual([[1], ['x'], ['1.0', 'x']]);
  });

  it('are those that a function yields, those that are named, or those of a run', () => {
    const { client } = setUpClient();
    const parse = (each: unknown) => each as Message<Events>;
    expectEvents<Events>()(client.connect(URL, { validate: parse }), true);
    expectEvents<Events>()(client.connect<Events>(URL, { validate: schema }), true);
    expectEvents<Events>()(client.connect<Events>(URL, { validate: ({ id }) => id !== '' }), true);
    expectEvents<RunEvents>()(client.connect(URL, { validate: ({ id }) => id !== '' }), true);
    expectEvents<RunEvents>()(client.connect(URL), true);
  });
});
