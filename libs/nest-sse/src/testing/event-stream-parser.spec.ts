import { describe, expect, it } from '@jest/globals';
import { EventStreamParser, type ParsedEvent } from './event-stream-parser.js';

interface Parsed {
  events: ParsedEvent[];
  retries: number[];
  comments: string[];
  lastEventId: string;
}

function parse(...chunks: (string | Uint8Array)[]): Parsed {
  const parsed: Parsed = { events: [], retries: [], comments: [], lastEventId: '' };
  const parser = new EventStreamParser({
    onEvent: (event) => parsed.events.push(event),
    onRetry: (retryMs) => parsed.retries.push(retryMs),
    onComment: (comment) => parsed.comments.push(comment),
  });
  for (const chunk of chunks) parser.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return { ...parsed, lastEventId: parser.lastEventId };
}

/** Streams of the standard's own examples and edges, with what they dispatch. */
const FIXTURES: [string, string, [event: string, data: string, lastEventId: string][]][] = [
  ['data lines joined', 'data: YHOO\ndata: +2\ndata: 10\n\n', [['message', 'YHOO\n+2\n10', '']]],
  [
    'comments, ids and an empty id that resets',
    ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n',
    [
      ['message', 'first event', '1'],
      ['message', 'second event', ''],
      ['message', ' third event', ''],
    ],
  ],
  [
    'empty data and an unfinished block',
    'data\n\ndata\ndata\n\ndata:',
    [
      ['message', '', ''],
      ['message', '\n', ''],
    ],
  ],
  [
    'one optional space',
    'data:test\n\ndata: test\n\n',
    [
      ['message', 'test', ''],
      ['message', 'test', ''],
    ],
  ],
  [
    'CR, LF and CRLF mixed',
    'event: a\rdata: 1\r\rdata: 2\r\n\r\ndata: 3\n\n',
    [
      ['a', '1', ''],
      ['message', '2', ''],
      ['message', '3', ''],
    ],
  ],
  [
    'an id with NUL ignored',
    'id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n',
    [
      ['message', 'a', '1'],
      ['message', 'b', '1'],
    ],
  ],
  ['an event name without data forgotten', 'event: a\n\ndata: b\n\n', [['message', 'b', '']]],
  ['an id without data kept', 'id: 7\n\ndata: b\n\n', [['message', 'b', '7']]],
  ['unknown fields ignored', 'foo: 1\n bar\nDATA: x\ndata: y\n\n', [['message', 'y', '']]],
  ['a byte order mark skipped', '\ufeffdata: a\n\n', [['message', 'a', '']]],
  ['other line separators kept', 'data: a\u2028b\u0085c\n\n', [['message', 'a\u2028b\u0085c', '']]],
  ['text beyond ASCII', 'data: žluťoučký 🐎\n\n', [['message', 'žluťoučký 🐎', '']]],
];

describe('EventStreamParser', () => {
  it.each(FIXTURES)('reads %s, cut at every byte', (_, text, expected) => {
    const bytes = Buffer.from(text);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const { events } = parse(bytes.subarray(0, cut), bytes.subarray(cut));
      expect(events.map(({ event, data, lastEventId }) => [event, data, lastEventId])).toEqual(expected);
    }
  });

  it('reads all fixtures byte by byte', () => {
    for (const [, text, expected] of FIXTURES) {
      const { events } = parse(...[...Buffer.from(text)].map((byte) => Uint8Array.of(byte)));
      expect(events).toHaveLength(expected.length);
    }
  });

  it('takes a retry of digits only', () => {
    expect(parse('retry: 10\n\nretry: 1x\nretry: -1\nretry:\nretry: 20\n').retries).toEqual([10, 20]);
  });

  it('does not take an id from a block that is not finished', () => {
    expect(parse('id: 1\ndata: a\n\nid: 2\ndata: b\n').lastEventId).toBe('1');
  });

  it('says which id is a frame’s own', () => {
    const { events } = parse('id: 1\ndata: a\n\ndata: b\n\n');
    expect(events.map(({ id }) => id)).toEqual(['1', undefined]);
  });

  it('gives comments', () => {
    expect(parse(':hello\n: world\n').comments).toEqual(['hello', ' world']);
  });
});
