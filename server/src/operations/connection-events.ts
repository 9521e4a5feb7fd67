import { defineEvents, type DocumentedSchema, type EventsOf, type SseConnection } from '@throughline/nest-sse';
import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';

const text = v.string();
const bytes = v.pipe(v.number(), v.integer(), v.minValue(0));
const moment = v.pipe(v.string(), v.isoTimestamp());

const connectionSchema = v.object({
  id: text,
  /** Absent where nobody is signed in. */
  user: v.optional(text),
  channels: v.array(text),
  since: moment,
  /** The place after the last message that was written; empty at the start. */
  cursor: text,
  bytesQueued: bytes,
});

const changesSchema = v.object({
  timestamp: moment,
  opened: v.array(connectionSchema),
  closed: v.array(v.object({ id: text, reason: text })),
  changed: v.array(v.object({ id: text, cursor: text, bytesQueued: bytes })),
});

/** An open stream, as the API shows it. */
export type ConnectionView = v.InferOutput<typeof connectionSchema>;

/** What has become of the open streams since the message before. */
export type ConnectionChanges = v.InferOutput<typeof changesSchema>;

/** What the stream of open streams tells. */
export const connectionEvents = defineEvents({ connections: documented(changesSchema) });

/** Its events by name. */
export type ConnectionEvents = EventsOf<typeof connectionEvents>;

/** What the API shows of an open stream. */
export function toView({ id, user, channels, since, cursor, bytesQueued }: SseConnection): ConnectionView {
  return { id, ...(user !== undefined && { user }), channels: [...channels], since, cursor, bytesQueued };
}

function documented<S extends typeof changesSchema>(schema: S): DocumentedSchema<S> {
  const { $schema: _dialect, ...jsonSchema } = toJsonSchema(schema, { errorMode: 'ignore' });
  return { schema, jsonSchema: { ...jsonSchema } };
}
