import { describe, expect, it } from '@jest/globals';
import { FrameError, isCursor } from '@throughline/sse-protocol';
import fc from 'fast-check';
import { EventStreamParser, TestClock, type ParsedEvent } from '../testing/index.js';
import { FrameEncoder, type OutgoingMessage } from './frame-encoder.js';

const encoder = new FrameEncoder(new TestClock());

/** Text in which what breaks frames is common. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom('\r', '\n', '\r\n', '\0', ':', ' ', '\u2028', '\ufeff', 'é', '😀', 'data', 'id'),
      fc.string(),
    ),
  )
  .map((parts) => parts.join(''));

function bytesOrRefusal(message: OutgoingMessage): Buffer | FrameError {
  try {
    return Buffer.from(encoder.encode(message as OutgoingMessage & { id: string }).text);
  } catch (error) {
    if (error instanceof FrameError) return error;
    throw error;
  }
}

/** Parses, with the bytes cut in two at `cut`. */
function parseCut(bytes: Buffer, cut: number): ParsedEvent[] {
  const events: ParsedEvent[] = [];
  const parser = new EventStreamParser({ onEvent: (event) => events.push(event) });
  parser.push(bytes.subarray(0, cut));
  parser.push(bytes.subarray(cut));
  return events;
}

describe('FrameEncoder', () => {
  it('makes frames that a parser reads back, cut at every byte, or refuses the message (trap 19)', () => {
    fc.assert(
      fc.property(nasty, fc.option(nasty, { nil: undefined }), fc.jsonValue(), nasty, (event, id, json, text) => {
        const data = { json, text };
        const bytes = bytesOrRefusal(id === undefined ? { event, data } : { event, id, data });
        const isValid = /^[\x21-\x39\x3b-\x7e]{1,128}$/.test(event) && (id === undefined || isCursor(id));
        expect(bytes instanceof FrameError).toBe(!isValid);
        if (bytes instanceof FrameError) return;
        const expected = { event, data: JSON.stringify(data), lastEventId: id ?? '', ...(id !== undefined && { id }) };
        for (let cut = 0; cut <= bytes.length; cut += 1) expect(parseCut(bytes, cut)).toEqual([expected]);
      }),
      { numRuns: 200 },
    );
  });

  it('reads back a valid name, id and data, cut at every byte', () => {
    const name = fc.stringMatching(/^[a-z][a-z.\-_]{0,20}$/);
    const cursor = fc.stringMatching(/^[\x20-\x7e]{1,30}$/);
    fc.assert(
      fc.property(name, cursor, nasty, (event, id, text) => {
        const bytes = Buffer.from(encoder.encode({ event, id, data: { text } }).text);
        for (let cut = 0; cut <= bytes.length; cut += 1) {
          const [frame, ...others] = parseCut(bytes, cut);
          expect(others).toEqual([]);
          expect([frame?.event, frame?.id, JSON.parse(frame?.data ?? '')]).toEqual([event, id, { text }]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('encodes an object once for all who take it in the same turn', async () => {
    const message = { event: 'a', data: {} };
    const [one, other] = [{}, {}];
    const frame = encoder.encodeStamped(message, one);
    expect(encoder.encodeStamped(message, other)).toBe(frame);
    expect(encoder.encodeStamped({ ...message }, other)).not.toBe(frame);
    await new Promise((resolve) => setImmediate(resolve));
    expect(encoder.encodeStamped(message, {})).not.toBe(frame);
  });

  it('encodes an object as it is for who takes it again', () => {
    const message = { event: 'a', data: { n: 1 } };
    const takers = [{}, {}];
    const text = (taker: object): string => encoder.encodeStamped(message, taker).bytes.toString();
    expect(takers.map(text).every((sent) => sent.includes('"n":1'))).toBe(true);
    message.data.n = 2;
    expect(takers.map(text).every((sent) => sent.includes('"n":2'))).toBe(true);
  });

  it("refuses the transport's own names for messages", () => {
    const message = { event: 'stream.close', id: '1', data: {} };
    expect(() => encoder.encode(message)).toThrow(FrameError);
    expect(() => encoder.encodeStamped(message)).toThrow('do not begin with "stream."');
  });

  it('takes an id of null, as code without types has it, for none', () => {
    const message = { event: 'a', id: null, data: {} } as unknown as { event: string; data: unknown };
    expect(encoder.encodeStamped(message).bytes.toString()).not.toContain('id:');
  });

  it('stamps data that is a plain object, and nothing else', () => {
    const text = (data: unknown): string => encoder.encodeStamped({ event: 'a', data }).bytes.toString();
    expect(text({ n: 1 })).toContain('{"timestamp":"2026-01-01T00:00:00.000Z","n":1}');
    expect(text({ timestamp: 't' })).toContain('{"timestamp":"t"}');
    expect(text([1])).toContain('data: [1]');
    expect(text(new Date(0))).toContain('data: "1970-01-01T00:00:00.000Z"');
  });

  it('gives control events a timestamp and no id', () => {
    const { bytes } = encoder.control('stream.close', { reason: 'complete' });
    expect(bytes.toString()).toBe(
      'event: stream.close\ndata: {"timestamp":"2026-01-01T00:00:00.000Z","reason":"complete"}\n\n',
    );
  });
});
