import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Injectable, Param, type INestApplication } from '@nestjs/common';
import {
  ApiOperation,
  ApiProperty,
  ApiQuery,
  ApiResponse,
  ApiSchema,
  DocumentBuilder,
  SwaggerModule,
} from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { NEVER, Observable } from 'rxjs';
import * as v from 'valibot';
import { z } from 'zod';
import {
  defineEvents,
  MemoryEventLog,
  payload,
  SseLog,
  SseStream,
  useItemSchemas,
  type EventLog,
  type EventsOf,
  type SseEvent,
  type SseSource,
} from '../index.js';
import { startStreamApp, type StreamApp } from '../testing/stream-app.js';

class Money {
  @ApiProperty()
  cents!: number;
}

class PriceDto {
  @ApiProperty()
  symbol!: string;

  @ApiProperty()
  price!: Money;
}

@ApiSchema({ name: 'Halt' })
class HaltDto {
  @ApiProperty()
  symbol!: string;
}

const priceEvents = defineEvents({
  price: PriceDto,
  halt: HaltDto,
  volume: z.object({ shares: z.number(), side: z.enum(['buy', 'sell']) }),
  opening: {
    schema: v.object({ at: v.string() }),
    jsonSchema: { type: 'object', properties: { at: { type: 'string' } } },
  },
  closing: v.object({ at: v.string() }),
  note: payload<string>({ type: 'string', maxLength: 80 }),
});
const tickEvents = defineEvents({ tick: payload<{ n: number }>() });

@Injectable()
class OneLog implements SseSource {
  open(): EventLog {
    return new MemoryEventLog();
  }
}

@Controller('streams')
class StreamsController {
  @SseStream('prices/:market', { source: OneLog, events: priceEvents, filter: true })
  prices(@SseLog() log: EventLog<EventsOf<typeof priceEvents>>, @Param('market') _market: string) {
    return log;
  }

  @SseStream('live')
  live(): Observable<SseEvent> {
    return NEVER;
  }

  @SseStream('either')
  async either(): Promise<EventLog> {
    return new MemoryEventLog();
  }

  @ApiOperation({ summary: 'Ticks' })
  @ApiResponse({ status: 404, description: 'No such clock.' })
  @SseStream('ticks', { source: OneLog, events: tickEvents })
  @ApiResponse({ status: 200, description: 'A tick a second.' })
  @ApiQuery({ name: 'limit', description: 'Ours.', required: false, type: Number })
  ticks(@SseLog() log: EventLog<EventsOf<typeof tickEvents>>) {
    return log;
  }
}

interface Operation {
  summary?: string;
  parameters: { name: string; in: string; required?: boolean; schema?: object; description?: string }[];
  responses: Record<string, { description: string; content?: Record<string, { schema: object }>; headers?: object }>;
}

const id = { type: 'string', maxLength: 256, description: 'The cursor after this message.' };
const control = (event: string, name: string) => ({
  title: event,
  type: 'object',
  properties: {
    event: { type: 'string', enum: [event] },
    data: { $ref: `#/components/schemas/${name}` },
  },
  required: ['event', 'data'],
});

describe('the OpenAPI document', () => {
  let streams: StreamApp;
  let document: OpenAPIObject;

  beforeAll(async () => {
    streams = await startStreamApp({ controllers: [StreamsController], providers: [OneLog] });
    document = documentOf(streams.app);
  });
  afterAll(() => streams.close());

  const operation = (path: string): Operation => document.paths[`/streams/${path}`]?.get as unknown as Operation;

  it('tells each event of a stream, with its data', () => {
    const message = (event: string, data: object) => ({
      title: event,
      type: 'object',
      properties: { event: { type: 'string', enum: [event] }, id, data },
      required: ['event', 'id', 'data'],
    });
    const volume = {
      type: 'object',
      properties: { shares: { type: 'number' }, side: { type: 'string', enum: ['buy', 'sell'] } },
      required: ['shares', 'side'],
    };
    const messages = [
      message('price', { $ref: '#/components/schemas/PriceDto' }),
      message('halt', { $ref: '#/components/schemas/Halt' }),
      message('volume', expect.objectContaining(volume) as unknown as object),
      message('opening', { type: 'object', properties: { at: { type: 'string' } } }),
      message('closing', {}),
      message('note', { type: 'string', maxLength: 80 }),
    ];
    const { content } = operation('prices/{market}').responses['200'] as Required<Operation['responses'][string]>;
    expect(Object.keys(content)).toEqual(['text/event-stream', 'application/json']);
    expect(content['text/event-stream']?.schema).toEqual({
      description: expect.stringContaining('Server-sent events.'),
      oneOf: [
        ...messages,
        control('stream.open', 'SseStreamOpen'),
        control('stream.heartbeat', 'SseStreamHeartbeat'),
        control('stream.gap', 'SseStreamGap'),
        control('stream.close', 'SseStreamClose'),
      ],
    });
    expect(content['application/json']?.schema).toMatchObject({
      type: 'object',
      properties: {
        events: { type: 'array', items: { oneOf: messages } },
        gap: { $ref: '#/components/schemas/SseGap' },
      },
      required: ['events', 'cursor', 'more'],
    });
  });

  it('has the classes of events, and those that they contain, among its components', () => {
    const { schemas } = document.components ?? {};
    expect(schemas?.['PriceDto']).toMatchObject({ properties: { price: { $ref: '#/components/schemas/Money' } } });
    expect(schemas?.['Money']).toMatchObject({ required: ['cents'] });
    expect(schemas?.['Halt']).toMatchObject({ required: ['symbol'] });
    expect(schemas?.['SseStreamClose']).toEqual({
      type: 'object',
      properties: {
        timestamp: { type: 'string', format: 'date-time' },
        reason: { type: 'string', enum: expect.arrayContaining(['complete', 'lifetime', 'drain', 'slow']) },
        retryAfterMs: { type: 'integer', description: 'When to come back, in milliseconds.' },
      },
      required: ['timestamp', 'reason'],
    });
  });

  it('tells how to resume, to page and to choose events', () => {
    const { parameters } = operation('prices/{market}');
    const names = parameters.map(({ name, in: place, required }) => [place, name, required]);
    expect(names).toEqual([
      ['path', 'market', true],
      ['header', 'Last-Event-ID', false],
      ['query', 'lastEventId', false],
      ['query', 'after', false],
      ['query', 'limit', false],
      ['query', 'events', false],
    ]);
    expect(parameters.find(({ name }) => name === 'limit')?.schema).toEqual({
      type: 'integer',
      minimum: 1,
      maximum: 500,
      default: 500,
    });
    expect(parameters.find(({ name }) => name === 'events')?.schema).toMatchObject({
      type: 'array',
      items: { enum: Object.keys(priceEvents) },
    });
  });

  it('tells every status that the library answers with, and no other', () => {
    const statuses = (path: string) => Object.keys(operation(path).responses);
    expect(statuses('prices/{market}')).toEqual(['200', '204', '400', '429', '503']);
    expect(statuses('live')).toEqual(['200', '400', '406', '429', '503']);
    expect(statuses('either')).toEqual(['200', '204', '400', '406', '429', '503']);
    expect(operation('prices/{market}').responses['429']).toMatchObject({
      headers: { 'Retry-After': { schema: { type: 'integer' } } },
      content: { 'application/json': { schema: { $ref: '#/components/schemas/SseProblem' } } },
    });
  });

  it('promises no page of an Observable', () => {
    const { parameters, responses } = operation('live');
    expect(parameters.map(({ name }) => name)).toEqual(['Last-Event-ID', 'lastEventId']);
    expect(responses['200']?.content).toEqual({
      'text/event-stream': {
        schema: {
          description: expect.any(String),
          type: 'object',
          properties: { event: { type: 'string' }, id, data: {} },
          required: ['event', 'data'],
        },
      },
    });
  });

  it('keeps what the handler says of itself, above and below the decorator', () => {
    const { summary, parameters, responses } = operation('ticks');
    expect(summary).toBe('Ticks');
    expect(responses['404']).toMatchObject({ description: 'No such clock.' });
    expect(responses['200']?.description).toBe('A tick a second.');
    expect(Object.keys(responses['200']?.content ?? {})).toEqual(['text/event-stream', 'application/json']);
    expect(parameters.filter(({ name }) => name === 'limit').map(({ description }) => description)).toEqual(['Ours.']);
  });

  it('is whole: plain JSON, each reference leads somewhere, each operation and response has what it must', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(referencesIn(document).length).toBeGreaterThan(20);
    for (const reference of referencesIn(document)) expect(resolve(document, reference)).toBeDefined();
    for (const path of Object.values(document.paths)) {
      const { parameters, responses } = path.get as unknown as Operation;
      expect(new Set(parameters.map(({ name, in: place }) => `${place} ${name}`)).size).toBe(parameters.length);
      for (const parameter of parameters) expect(parameter.schema).toBeDefined();
      for (const response of Object.values(responses)) {
        expect(typeof response.description).toBe('string');
        const allowed = ['description', 'content', 'headers', 'links'];
        expect(Object.keys(response).filter((key) => !allowed.includes(key))).toEqual([]);
      }
    }
  });

  it('says it in the words of OpenAPI 3.2, if asked to', () => {
    const before = JSON.stringify(document);
    const newer = useItemSchemas(document);
    expect(JSON.stringify(document)).toBe(before);
    expect(newer.openapi).toBe('3.2.0');
    const { responses } = (newer.paths['/streams/ticks'] as { get: unknown }).get as Operation;
    const stream = responses['200']?.content?.['text/event-stream'] as unknown as Record<string, { oneOf: object[] }>;
    expect(Object.keys(stream)).toEqual(['itemSchema']);
    expect(stream['itemSchema']?.oneOf[1]).toEqual({
      ...control('stream.open', 'SseStreamOpen'),
      properties: {
        event: { type: 'string', enum: ['stream.open'] },
        data: {
          type: 'string',
          contentMediaType: 'application/json',
          contentSchema: { $ref: '#/components/schemas/SseStreamOpen' },
        },
      },
    });
    expect(responses['200']?.content?.['application/json']).toEqual(
      operation('ticks').responses['200']?.content?.['application/json'],
    );
  });
});

describe('an app without @nestjs/swagger', () => {
  it('loses nothing, for no file of the library imports it', () => {
    const root = join(import.meta.dirname, '..');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
    const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
    expect(sources.length).toBeGreaterThan(40);
    const importing = sources.filter((file) =>
      /(?:from|import|require)\W+@nestjs\/swagger/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(importing).toEqual([]);
  });
});

function documentOf(app: INestApplication): OpenAPIObject {
  return SwaggerModule.createDocument(app, new DocumentBuilder().setTitle('Streams').build());
}

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === '$ref' ? [item as string] : referencesIn(item)));
}

function resolve(document: object, reference: string): unknown {
  const keys = reference.replace(/^#\//, '').split('/');
  return keys.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
}
