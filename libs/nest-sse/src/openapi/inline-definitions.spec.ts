import { describe, expect, it } from '@jest/globals';
import { inlineDefinitions } from './inline-definitions.js';

describe('inlineDefinitions', () => {
  it('puts definitions where they are referred to', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'array',
      items: { $ref: '#/$defs/price' },
      $defs: { price: { type: 'object', properties: { money: { $ref: '#/$defs/money' } } }, money: { type: 'number' } },
    };
    const price = { type: 'object', properties: { money: { type: 'number' } } };
    expect(inlineDefinitions(schema)).toEqual({ type: 'array', items: price });
  });

  it('ends where a schema contains itself', () => {
    const tree = { type: 'object', properties: { child: { $ref: '#/definitions/tree' } } };
    expect(inlineDefinitions({ $ref: '#/definitions/tree', definitions: { tree } })).toEqual({
      type: 'object',
      properties: { child: {} },
    });
  });

  it('leaves references to the document alone', () => {
    const schema = { $ref: '#/components/schemas/Price' };
    expect(inlineDefinitions(schema)).toEqual(schema);
  });
});
