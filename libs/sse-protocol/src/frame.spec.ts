import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeFrame, encodeRetry, FrameError } from './frame.js';

describe('encodeFrame', () => {
  it('writes event, id and one line of data', () => {
    expect(encodeFrame({ event: 'progress', id: '7', data: { step: 1 } })).toBe(
      'event: progress\nid: 7\ndata: {"step":1}\n\n',
    );
  });

  it('leaves out the id of a control event, so that EventSource keeps its own', () => {
    expect(encodeFrame({ event: 'stream.heartbeat', data: {} })).toBe('event: stream.heartbeat\ndata: {}\n\n');
  });

  it('keeps any text inside one data line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const frame = encodeFrame({ event: 'delta', id: '1', data: { text } });
        const lines = frame.split(/\r\n|\r|\n/);
        expect(lines).toHaveLength(5);
        expect(JSON.parse(lines[2]!.slice('data: '.length))).toEqual({ text });
      }),
    );
  });

  it.each(['', 'a b', 'a\nb', 'a\rb', 'a\0b', 'a:b', 'é', 'x'.repeat(129)])('refuses the name %j', (event) => {
    expect(() => encodeFrame({ event, data: {} })).toThrow(FrameError);
  });

  it("refuses a message without a name, as one made for Nest's own @Sse() is", () => {
    const nameless = { type: 'price', data: {} } as unknown as { event: string; data: object };
    expect(() => encodeFrame(nameless)).toThrow('not undefined');
  });

  it.each(['', 'a\nb', 'a\rb', 'a\0b', 'é', 'x'.repeat(257)])('refuses the id %j', (id) => {
    expect(() => encodeFrame({ event: 'e', id, data: {} })).toThrow(FrameError);
  });

  it('refuses data that is not JSON', () => {
    expect(() => encodeFrame({ event: 'e', data: undefined })).toThrow('send null instead of undefined');
  });
});

describe('encodeRetry', () => {
  it('writes whole milliseconds', () => {
    expect(encodeRetry(1500)).toBe('retry: 1500\n\n');
  });

  it.each([-1, 1.5, NaN, Infinity])('refuses %d', (retryMs) => {
    expect(() => encodeRetry(retryMs)).toThrow(FrameError);
  });
});
