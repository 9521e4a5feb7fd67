import { MAX_PAGE_SIZE } from '@throughline/sse-protocol';
import { Observable } from 'rxjs';
import type { EventDefinitions } from '../events/define-events.js';
import type { SseStreamOptions } from '../http/sse-stream-options.js';
import { messageSchemas, type MessageSchemas } from './event-schemas.js';
import {
  addModels,
  addParameters,
  addResponses,
  referenceTo,
  type OpenApiObject,
  type OpenApiParameter,
} from './swagger-metadata.js';
import { SseGap, SseProblem } from './wire-models.js';

const FRAMING =
  'Server-sent events. The schema is of one event: `event` and `id` are the fields of those names, `data` is the JSON ' +
  'in the field `data`. An event without an id, such as those of the transport (`stream.…`), does not move the cursor.';

/** Whether a route answers with pages: it does, it never does, or it depends on what the handler returns. */
type Pages = 'always' | 'never' | 'maybe';

/**
 * Documents a stream's operation for `@nestjs/swagger`, where an app has it. What the handler's other decorators say of
 * the same stays, and they add what only the app knows, such as 401 and 404.
 *
 * @param returnType the handler's `design:returntype`
 */
export function describeStream(handler: object, options: SseStreamOptions, returnType: unknown): void {
  const { source, events, filter } = options;
  const pages: Pages = source ? 'always' : returnType === Observable ? 'never' : 'maybe';
  const schemas = messageSchemas(events, pages === 'always');
  addModels(handler, [...schemas.models, SseProblem, ...(pages === 'never' ? [] : [SseGap])]);
  addParameters(handler, [...parameters(pages), ...(filter ? [eventsParameter(events)] : [])]);
  addResponses(handler, responses(pages, schemas, filter ?? false));
}

function parameters(pages: Pages): OpenApiParameter[] {
  const cursor = { required: false, schema: { type: 'string', maxLength: 256 } };
  const resume: OpenApiParameter[] = [
    {
      name: 'Last-Event-ID',
      in: 'header',
      ...cursor,
      description: 'The id of the last event received: goes on after it.',
    },
    {
      name: 'lastEventId',
      in: 'query',
      ...cursor,
      description: 'The same, for a client that cannot set headers; the header counts where both are there.',
    },
  ];
  if (pages === 'never') return resume;
  const limit = { type: 'integer', minimum: 1, maximum: MAX_PAGE_SIZE, default: MAX_PAGE_SIZE };
  return [
    ...resume,
    { name: 'after', in: 'query', ...cursor, description: 'Of a page: the cursor after which it begins.' },
    { name: 'limit', in: 'query', required: false, schema: limit, description: 'Of a page: its most messages.' },
  ];
}

function eventsParameter(events: EventDefinitions | undefined): OpenApiParameter {
  const names = Object.keys(events ?? {});
  const items = { type: 'string', ...(names.length > 0 && { enum: names }) };
  return {
    name: 'events',
    in: 'query',
    required: false,
    description: 'The events that are wanted; all without it.',
    style: 'form',
    explode: false,
    schema: { type: 'array', items, maxItems: 32 },
  };
}

function responses(pages: Pages, schemas: MessageSchemas, hasFilter: boolean): Record<string, OpenApiObject> {
  const page = { 'application/json': { schema: pageSchema(schemas.messages) } };
  const codes = [
    'invalid_cursor',
    ...(pages === 'never' ? [] : ['invalid_limit']),
    ...(hasFilter ? ['invalid_events'] : []),
  ];
  return {
    200: {
      description:
        pages === 'never'
          ? 'The stream, or why there is none just now (`stream.close`).'
          : 'The stream, or where JSON is preferred, one page of its messages.',
      content: {
        'text/event-stream': { schema: { description: FRAMING, ...schemas.frames } },
        ...(pages !== 'never' && page),
      },
    },
    ...(pages !== 'never' && { 204: { description: 'All was received and nothing will follow.' } }),
    400: problem(`The cursor or the query is malformed: ${codes.map((code) => `\`${code}\``).join(', ')}.`),
    ...(pages !== 'always' && {
      406: problem('JSON is asked for, and this stream has no pages: `not_acceptable`.'),
    }),
    429: refusal('Too many streams: `connection_limit`. To an EventSource, 200 with `stream.close {limit}`.'),
    503: refusal(
      'No room, or a shutdown: `overloaded` or `shutting_down`. To an EventSource, 200 with `stream.close`.',
    ),
  };
}

function pageSchema(messages: OpenApiObject): OpenApiObject {
  return {
    title: 'Page',
    type: 'object',
    properties: {
      events: { type: 'array', maxItems: MAX_PAGE_SIZE, items: messages },
      cursor: { type: 'string', description: 'The cursor to ask after next.' },
      more: { type: 'boolean', description: 'Whether there is more now.' },
      status: { type: 'string', description: 'The state of the work behind the stream, where there is any.' },
      gap: referenceTo(SseGap),
    },
    required: ['events', 'cursor', 'more'],
  };
}

function problem(description: string): OpenApiObject {
  return { description, content: { 'application/json': { schema: referenceTo(SseProblem) } } };
}

function refusal(description: string): OpenApiObject {
  const headers = { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer', minimum: 1 } } };
  return { ...problem(description), headers };
}
