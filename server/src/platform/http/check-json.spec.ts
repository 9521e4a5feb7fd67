import { describe, expect, it } from '@jest/globals';
import { checkJson } from './check-json.js';

function nest(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

const withFields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));

describe('checkJson', () => {
  it('takes what a brief can be', () => {
    expect(() => checkJson({ name: 'é 🚀', brief: { business: { objectives: ['a\nb'] } }, none: null })).not.toThrow();
    expect(() => checkJson(undefined)).not.toThrow();
  });

  it.each([
    ['many fields', withFields(501)],
    ['many values', Array.from({ length: 20_001 }, () => 1)],
    ['deep nesting', nest(50_000)],
  ])('refuses %s before anything works on it', (_what, body) => {
    expect(() => checkJson(body)).toThrow(expect.objectContaining({ code: 'body_too_complex' }));
  });

  it.each([{ a: '\ud800' }, ['x\udfff'], { 'a\u0000': 1 }, { '\ud800': 1 }])('refuses half characters: %j', (body) => {
    expect(() => checkJson(body)).toThrow(expect.objectContaining({ code: 'invalid_text' }));
  });

  it.each(['__proto__', 'constructor', 'prototype'])('refuses a field named %s', (name) => {
    expect(() => checkJson(JSON.parse(`{"a":{"${name}":1}}`))).toThrow(
      expect.objectContaining({ code: 'unknown_field' }),
    );
  });
});
