import { describe, expect, it, jest } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsInt, IsString, ValidateNested } from 'class-validator';
import * as v from 'valibot';
import { z } from 'zod';
import { defineEvents, payload } from '../events/define-events.js';
import type { StandardSchema } from '../events/standard-schema.js';
import { MetricsReporter } from '../sse-metrics.js';
import { TestClock } from '../testing/test-clock.js';
import { loadClassCheck } from './class-check.js';
import { InvalidMessageError } from './invalid-message.js';
import { MessageValidator, type MessageValidation } from './message-validator.js';

class Money {
  @IsInt()
  cents!: number;
}

class PriceDto {
  @IsString()
  symbol!: string;

  @ValidateNested()
  @Type(() => Money)
  price!: Money;
}

class PlainDto {
  symbol!: string;
}

const strict = z.strictObject({ n: z.number() });
const countingSchema = { calls: 0 };
const counted: StandardSchema<{ n: number }> = {
  '~standard': {
    version: 1,
    vendor: 'spec',
    validate: (value) => {
      countingSchema.calls += 1;
      return typeof (value as { n?: unknown }).n === 'number'
        ? { value: value as { n: number } }
        : { issues: [{ message: 'is not a number', path: ['n'] }] };
    },
  },
};
const slow: StandardSchema<{ n: number }> = {
  '~standard': { version: 1, vendor: 'spec', validate: async (value) => counted['~standard'].validate(value) },
};
const broken: StandardSchema = {
  '~standard': {
    version: 1,
    vendor: 'spec',
    validate: () => {
      throw new Error('no schema today');
    },
  },
};

const events = defineEvents({
  price: PriceDto,
  plain: PlainDto,
  halt: v.strictObject({ symbol: v.string(), reasons: v.array(v.object({ code: v.number() })) }),
  strict,
  counted,
  slow,
  broken,
  documented: { schema: v.object({ n: v.number() }), jsonSchema: {} },
  note: payload<string>(),
});

async function validator(mode: MessageValidation = 'warn', load?: (name: string) => Promise<unknown>) {
  const logger = { error: jest.fn(), warn: jest.fn() };
  const failed = jest.fn();
  const clock = new TestClock();
  const classCheck = await loadClassCheck(load);
  const metrics = new MetricsReporter({ failed });
  return { it: new MessageValidator({ mode, clock, metrics, classCheck, logger }), logger, failed, clock };
}

const timestamp = '2026-01-01T00:00:00.000Z';

describe('MessageValidator', () => {
  it.each([
    ['price', { symbol: 'A', price: { cents: 1 } }],
    ['price', Object.assign(new PriceDto(), { symbol: 'A', price: Object.assign(new Money(), { cents: 1 }) })],
    ['price', { symbol: 'A', price: { cents: 1 }, timestamp, more: true }],
    ['plain', { symbol: 1 }],
    ['halt', { symbol: 'A', reasons: [{ code: 1 }] }],
    ['halt', { symbol: 'A', reasons: [], timestamp }],
    ['strict', { n: 1, timestamp }],
    ['documented', { n: 1 }],
    ['note', undefined],
  ])('lets pass %s with %j', async (event, data) => {
    const { it: validate, logger } = await validator();
    expect(validate.inspect('Route', events, { event, data })).toBeUndefined();
    expect(logger.error).not.toHaveBeenCalled();
  });

  it.each([
    [
      'price',
      { symbol: 1, price: { cents: 1.5 } },
      /data\.symbol: symbol must be a string; data\.price\.cents: cents must/,
    ],
    ['price', 'text', /data: is not an object/],
    ['price', null, /data: is not an object/],
    ['halt', { symbol: 'A', reasons: [{ code: '1' }] }, /data\.reasons\.0\.code: Invalid type/],
    ['halt', { symbol: 'A', reasons: [], timestamp, more: 1 }, /more/],
    ['strict', { n: 1, more: 1, timestamp }, /data: Unrecognized keys?: "more"/],
    ['broken', {}, /its schema failed with Error: no schema today/],
    ['documented', { n: '1' }, /data\.n: Invalid type/],
    ['prise', {}, /none of the events that were defined \(price, plain, halt/],
    ['toString', {}, /none of the events/],
  ])('finds what is wrong with %s and %j', async (event, data, message) => {
    const { it: validate, logger, failed } = await validator();
    const problem = validate.inspect('PricesController.prices', events, { event, id: 'e-5', data });
    expect(problem).toBeInstanceOf(InvalidMessageError);
    expect(problem).toMatchObject({ code: 'invalid_message', event });
    expect(problem?.message).toMatch(message);
    expect(logger.error).toHaveBeenCalledWith(`PricesController.prices: ${problem?.message} Its id is "e-5".`);
    expect(failed).toHaveBeenCalledWith({ code: 'invalid_message' });
  });

  it('checks a message once, however many connections it goes to', async () => {
    const { it: validate, logger, failed } = await validator();
    countingSchema.calls = 0;
    const message = { event: 'counted', data: { n: 'x' } };
    const problems = [1, 2, 3].map(() => validate.inspect('Route', events, message));
    expect(new Set(problems).size).toBe(1);
    expect(problems[0]).toBeInstanceOf(InvalidMessageError);
    expect(countingSchema.calls).toBe(1);
    expect(logger.error).toHaveBeenCalledTimes(1);
    expect(failed).toHaveBeenCalledTimes(1);
  });

  it('looks again at data that was changed since another message had it', async () => {
    const { it: validate } = await validator();
    const data: { n: unknown } = { n: 1 };
    expect(validate.inspect('Route', events, { event: 'counted', data })).toBeUndefined();
    data.n = 'x';
    expect(validate.inspect('Route', events, { event: 'counted', data })).toBeInstanceOf(InvalidMessageError);
  });

  it('logs the same fault again after ten seconds, and counts each', async () => {
    const { it: validate, logger, failed, clock } = await validator();
    const inspect = (n: unknown) => validate.inspect('Route', events, { event: 'counted', data: { n } });
    inspect('a');
    inspect('b');
    expect(logger.error).toHaveBeenCalledTimes(1);
    clock.advance(10_000);
    inspect('c');
    expect(logger.error).toHaveBeenCalledTimes(2);
    expect(failed).toHaveBeenCalledTimes(3);
  });

  it('waits for no schema that takes its time, and tells when it knows', async () => {
    const { it: validate, logger } = await validator('error');
    const message = { event: 'slow', data: { n: 'x' } };
    expect(validate.inspect('Route', events, message)).toBeUndefined();
    await new Promise(setImmediate);
    expect(logger.error).toHaveBeenCalledTimes(1);
  });

  it('tells at most five problems of one message', async () => {
    const { it: validate } = await validator();
    const reasons = Array.from({ length: 9 }, () => ({ code: 'x' }));
    const problem = validate.inspect('Route', events, { event: 'halt', data: { symbol: 'A', reasons } });
    expect(problem?.problems).toHaveLength(5);
  });

  it('tells of a published message where it is published, and not again where it is sent', async () => {
    const { it: validate, logger } = await validator('warn');
    const data = { n: 'x' };
    await validate.assert('The channel prices', events, { event: 'counted', data });
    const problem = validate.inspect('Route', events, { event: 'counted', id: 'e-1', data });
    expect(problem).toBeInstanceOf(InvalidMessageError);
    expect(logger.error.mock.calls).toEqual([[expect.stringMatching(/^The channel prices: /)]]);
  });

  it('rejects a published message in mode error, also where the schema takes its time', async () => {
    const { it: validate, logger } = await validator('error');
    const assert = (event: string) => validate.assert('The channel prices', events, { event, data: { n: 'x' } });
    await expect(assert('counted')).rejects.toMatchObject({ code: 'invalid_message', event: 'counted' });
    await expect(assert('slow')).rejects.toMatchObject({ code: 'invalid_message', event: 'slow' });
    expect(logger.error).not.toHaveBeenCalled();
  });
});

describe('the check of classes', () => {
  const absent = (missing: string) => async (name: string) => {
    if (name !== missing) return import(name) as Promise<unknown>;
    throw Object.assign(new Error(`Cannot find package '${name}' imported from here`), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
  };

  it.each(['class-validator', 'class-transformer'])('is left out without %s, and says so once', async (missing) => {
    const { it: validate, logger } = await validator('warn', absent(missing));
    validate.inspect('Route', events, { event: 'price', data: { symbol: 1 } });
    validate.inspect('Route', events, { event: 'plain', data: {} });
    expect(logger.error).not.toHaveBeenCalled();
    expect(logger.warn.mock.calls).toEqual([[expect.stringContaining('needs class-validator and class-transformer')]]);
    expect(validate.inspect('Route', events, { event: 'counted', data: {} })).toBeInstanceOf(InvalidMessageError);
  });

  it('does not hide an installation that is broken', async () => {
    const load = async () => {
      throw Object.assign(new Error(`Cannot find package 'validator' imported from class-validator`), {
        code: 'ERR_MODULE_NOT_FOUND',
      });
    };
    await expect(loadClassCheck(load)).rejects.toThrow(`Cannot find package 'validator'`);
  });
});
