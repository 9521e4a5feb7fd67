import type { OpenApiObject } from './swagger-metadata.js';

/**
 * Says of streams what OpenAPI 3.2 has words for: each event by `itemSchema`, with the field `data` as what it is on the
 * wire, text that holds JSON. Older versions have no such words, and a stream's `schema` is then of one event.
 *
 * @param document what `SwaggerModule.createDocument()` made; it is not changed
 * @returns the document with `openapi: '3.2.0'`
 */
export function useItemSchemas<D extends { openapi: string; paths: object }>(document: D): D {
  return { ...document, openapi: '3.2.0', paths: withItems(document.paths) };
}

const STREAM = 'text/event-stream';

function withItems(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withItems);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === STREAM ? asStream(item) : withItems(item)]),
  );
}

function asStream(media: unknown): unknown {
  if (!isObject(media) || !isObject(media['schema'])) return media;
  const { schema, ...rest } = media;
  const { oneOf, ...frame } = schema as OpenApiObject;
  const itemSchema = Array.isArray(oneOf) ? { ...frame, oneOf: oneOf.map(onWire) } : onWire(frame);
  return { ...rest, itemSchema };
}

function onWire(frame: unknown): unknown {
  if (!isObject(frame) || !isObject(frame['properties']) || !('data' in frame['properties'])) return frame;
  const { data, ...properties } = frame['properties'];
  const text = { type: 'string', contentMediaType: 'application/json', contentSchema: data };
  return { ...frame, properties: { ...properties, data: text } };
}

function isObject(value: unknown): value is OpenApiObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
