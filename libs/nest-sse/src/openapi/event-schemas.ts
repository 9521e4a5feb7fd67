import { isDocumentedSchema, type EventDefinition, type EventDefinitions } from '../events/define-events.js';
import { isStandardSchema, type StandardSchema } from '../events/standard-schema.js';
import { inlineDefinitions } from './inline-definitions.js';
import { referenceTo, type Model, type OpenApiObject } from './swagger-metadata.js';
import { CONTROL_EVENTS } from './wire-models.js';

/** The dialect of the documents that `@nestjs/swagger` makes by default. */
const JSON_SCHEMA_TARGET = 'openapi-3.0';

/** What one kind of message looks like, once its data is parsed. */
export interface MessageSchemas {
  /** Messages of the route, as they stand in pages: each with an id. */
  readonly messages: OpenApiObject;
  /** What comes on the stream: also without an id, and the transport's own. */
  readonly frames: OpenApiObject;
  /** The classes that are referred to. */
  readonly models: readonly Model[];
}

/** The schemas of a route's messages. */
export function messageSchemas(events: EventDefinitions | undefined, hasPages: boolean): MessageSchemas {
  const definitions = Object.entries(events ?? {});
  const control = Object.entries(CONTROL_EVENTS).map(([event, model]) => frame(event, referenceTo(model), 'none'));
  // Without definitions any name may come, those of the transport too: the union would not be one of many.
  if (definitions.length === 0) {
    const any = frame(undefined, {}, hasPages ? 'always' : 'maybe');
    return { messages: any, frames: frame(undefined, {}, 'maybe'), models: Object.values(CONTROL_EVENTS) };
  }
  const schemas = definitions.map(([event, definition]) => [event, payloadSchema(definition)] as const);
  const union = (id: IdPresence) => schemas.map(([event, schema]) => frame(event, schema, id));
  return {
    messages: oneOf(union('always')),
    frames: oneOf([...union(hasPages ? 'always' : 'maybe'), ...control]),
    models: [...definitions.map(([, definition]) => definition).filter(isClass), ...Object.values(CONTROL_EVENTS)],
  };
}

type IdPresence = 'always' | 'maybe' | 'none';

function frame(event: string | undefined, data: OpenApiObject, id: IdPresence): OpenApiObject {
  return {
    ...(event !== undefined && { title: event }),
    type: 'object',
    properties: {
      event: event === undefined ? { type: 'string' } : { type: 'string', enum: [event] },
      ...(id !== 'none' && { id: { type: 'string', maxLength: 256, description: 'The cursor after this message.' } }),
      data,
    },
    required: ['event', ...(id === 'always' ? ['id'] : []), 'data'],
  };
}

function oneOf(schemas: readonly OpenApiObject[]): OpenApiObject {
  return schemas.length === 1 ? { ...schemas[0] } : { oneOf: schemas };
}

/** The schema of an event's data; empty, which is anything, where a definition cannot say. */
function payloadSchema(definition: EventDefinition): OpenApiObject {
  if (isStandardSchema(definition)) return inlineDefinitions(standardJsonSchema(definition));
  if (isClass(definition)) return referenceTo(definition);
  return inlineDefinitions(isDocumentedSchema(definition) ? definition.jsonSchema : { ...definition });
}

function standardJsonSchema(schema: StandardSchema): OpenApiObject {
  try {
    return schema['~standard'].jsonSchema?.input({ target: JSON_SCHEMA_TARGET }) ?? {};
  } catch {
    // The standard lets a schema throw where it has no equal in JSON Schema: it is documented as anything.
    return {};
  }
}

function isClass(definition: EventDefinition): definition is Model {
  return typeof definition === 'function' && !isStandardSchema(definition);
}
