import { assertMessageName } from '@throughline/sse-protocol';
import { isStandardSchema, type StandardSchema } from './standard-schema.js';

/** A JSON Schema, in the dialect of the app's OpenAPI document. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

declare const PAYLOAD: unique symbol;

/** A {@link JsonSchema} that tells the compiler what it describes. */
export interface TypedJsonSchema<T> extends JsonSchema {
  readonly [PAYLOAD]?: T;
}

/** A class whose instances have the shape of an event's data: a DTO, with class-validator's decorators or without. */
export type PayloadClass<T = unknown> = abstract new (...args: never[]) => T;

/** A schema that checks, and one that documents where the first cannot say of itself what it accepts. */
export interface DocumentedSchema<S extends StandardSchema = StandardSchema> {
  readonly schema: S;
  readonly jsonSchema: JsonSchema;
}

/**
 * What an event's data is: a class, a Standard Schema, a Standard Schema with its JSON Schema, or a JSON Schema alone,
 * which documents and does not check.
 */
export type EventDefinition = PayloadClass | StandardSchema | DocumentedSchema | JsonSchema;

/** Event names and what their data is. */
export type EventDefinitions = Readonly<Record<string, EventDefinition>>;

/** The type of an event's data: of a schema, what it accepts. */
export type PayloadOf<D> = D extends { readonly '~standard': { readonly types?: infer T } }
  ? NonNullable<T> extends { readonly input: infer Input }
    ? Input
    : unknown
  : D extends DocumentedSchema<infer S>
    ? PayloadOf<S>
    : D extends PayloadClass<infer T>
      ? T
      : D extends { readonly [PAYLOAD]?: infer T }
        ? T
        : unknown;

/** The map of names to data that the types of streams, channels and logs take, from one {@link defineEvents} made. */
export type EventsOf<D extends EventDefinitions> = { [K in keyof D & string]: PayloadOf<D[K]> };

/** A definition that no stream could keep. */
export class EventDefinitionError extends Error {
  override readonly name = 'EventDefinitionError';
  readonly code = 'invalid_event_definition';
}

/**
 * Names the events of a stream once, for the compiler (`EventsOf<typeof priceEvents>`), for the OpenAPI document and for
 * the check of outgoing messages. Throws {@link EventDefinitionError} for a name that cannot be sent, or that is the
 * transport's own.
 *
 * @example
 * export const priceEvents = defineEvents({ price: PriceDto, halt: v.object({ symbol: v.string() }) });
 */
export function defineEvents<const D extends EventDefinitions>(events: D): D {
  for (const [name, definition] of Object.entries(events)) {
    assertName(name);
    const isDefinition = typeof definition === 'function' || (typeof definition === 'object' && definition !== null);
    if (!isDefinition) {
      throw new EventDefinitionError(`The event "${name}" is a class, a schema or a JSON Schema, not ${definition}.`);
    }
  }
  return Object.freeze({ ...events });
}

/**
 * A JSON Schema that stands for data of type `T`, where there is neither a class nor a schema: it documents the event and
 * types it, and checks nothing. Without an argument the document says nothing of the data.
 */
export function payload<T>(schema: JsonSchema = {}): TypedJsonSchema<T> {
  return schema;
}

/** The part of a definition that can check data, if it has one. */
export function checkOf(definition: EventDefinition): StandardSchema | PayloadClass | undefined {
  if (isStandardSchema(definition)) return definition;
  if (typeof definition === 'function') return definition;
  return isDocumentedSchema(definition) ? definition.schema : undefined;
}

/** Whether a definition has its JSON Schema beside it. */
export function isDocumentedSchema(definition: EventDefinition): definition is DocumentedSchema {
  return isStandardSchema((definition as Partial<DocumentedSchema>).schema);
}

function assertName(name: string): void {
  try {
    assertMessageName(name);
  } catch (error) {
    throw new EventDefinitionError((error as Error).message, { cause: error });
  }
}
