import fc from 'fast-check';
import type { SseEvent } from '../../index.js';

const KIB = 1024;

/** The frame that a message means, said once more and apart from the code; `undefined` where it means none. */
export function frameOf({ event, id, data }: SseEvent, timestamp: string): string | undefined {
  const isName = /^[\x21-\x7e]{1,128}$/.test(event) && !event.includes(':');
  const isId = id === undefined || /^[\x20-\x7e]{1,256}$/.test(id);
  const json = jsonOf(data, timestamp);
  if (!isName || !isId || json === undefined) return undefined;
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${json}\n\n`;
}

function jsonOf(data: unknown, timestamp: string): string | undefined {
  try {
    const isPlain =
      typeof data === 'object' &&
      data !== null &&
      [Object.prototype, null].includes(Object.getPrototypeOf(data) as null);
    return JSON.stringify(isPlain && !('timestamp' in data) ? { timestamp, ...data } : data);
  } catch {
    return undefined;
  }
}

function circular(): unknown {
  const loop: Record<string, unknown> = { a: 1 };
  loop['loop'] = loop;
  return loop;
}

function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let n = 0; n < depth; n += 1) value = [value];
  return value;
}

const fails = (): never => {
  throw new Error('the data failed');
};

/** Data that JSON, or a copy, stumbles over; made anew for each use. */
const ODD_DATA: (() => unknown)[] = [
  () => undefined,
  () => Symbol('s'),
  () => () => 1,
  () => 10n,
  () => ({ deep: { big: 10n } }),
  circular,
  () => nested(500),
  () => nested(100_000),
  () => ({
    get broken() {
      return fails();
    },
  }),
  () => ({ toJSON: fails }),
  () => ({ toJSON: () => undefined }),
  () => ({ toJSON: () => 'as\nit\rlikes' }),
  () => ({ a: undefined, b: () => 1, c: Symbol('s'), d: Number.NaN, e: -0, f: new Date(0) }),
  () => JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') as unknown,
  () => Object.create(null, { a: { value: 1, enumerable: true } }) as unknown,
  () => new Proxy({}, { ownKeys: fails, has: fails, get: fails, getPrototypeOf: fails }),
  () => new Map([[1, 2]]),
  () => new Error('an error'),
  () => Object.assign([], { 3: 'sparse' }),
  () => 'x'.repeat(KIB * KIB),
  () => ({ text: '\ud800 \udc00 \u2028\u2029 \0 \r\n \u00e9 \ud83d\ude00 \ufeff' }),
];

const text = fc.string({ unit: 'binary', maxLength: 30 });
const printable = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 30 });
const spoiled = fc
  .tuple(text, fc.constantFrom('\r', '\n', '\r\n', '\0', '\u2028', ':', ' ', ''))
  .map(([a, b]) => `a${b}${a}`);
const eventName = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[a-zA-Z0-9._-]{1,20}$/) },
  printable,
  spoiled,
  fc.constantFrom(
    '',
    '__proto__',
    'constructor',
    'message',
    'error',
    'data',
    'x'.repeat(128),
    'x'.repeat(129),
    '\ud800',
  ),
);
const eventId = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  printable,
  spoiled,
  fc.constantFrom('', '0', '-1', ' ', '__proto__', 'x'.repeat(256), 'x'.repeat(257), '\ud800'),
);
/** Data, or which of the odd ones: fast-check shows its samples, and these cannot be shown. */
const sampledData = fc.oneof(
  fc.record({ value: fc.jsonValue() }),
  fc.record({ value: text }),
  fc.record({ odd: fc.nat(ODD_DATA.length - 1) }),
  fc.record({ value: fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true }) }),
);
export const sampledMessage = fc.record({ event: eventName, id: eventId, data: sampledData });
/** The message of a sample. */
export const messageOf = ({ event, id, data }: { event: string; id: string | undefined; data: object }): SseEvent => ({
  event,
  ...(id !== undefined && { id }),
  data: 'odd' in data ? ODD_DATA[data.odd as number]?.() : (data as { value: unknown }).value,
});
