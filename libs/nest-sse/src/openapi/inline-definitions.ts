import type { OpenApiObject } from './swagger-metadata.js';

const LOCAL = /^#\/(?:\$defs|definitions)\/(.+)$/;

/**
 * A JSON Schema without definitions of its own: in an OpenAPI document `#/$defs/…` would point into the document. A
 * schema that contains itself ends as "anything" where it comes back to itself.
 */
export function inlineDefinitions(schema: OpenApiObject): OpenApiObject {
  const { $schema: _, $defs, definitions, ...rest } = schema;
  const named = { ...(definitions as OpenApiObject | undefined), ...($defs as OpenApiObject | undefined) };
  return inline(rest, named, []) as OpenApiObject;
}

function inline(value: unknown, named: OpenApiObject, within: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => inline(item, named, within));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref } = value as { $ref?: unknown };
  const name = typeof $ref === 'string' ? LOCAL.exec($ref)?.[1] : undefined;
  if (name !== undefined) return within.includes(name) ? {} : inline(named[name] ?? {}, named, [...within, name]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inline(item, named, within)]));
}
