export type { CloseReason, Cursor, EventMap, Gap, GapReason, Message, NewMessage } from '@throughline/sse-protocol';
export * from './channels/sse-channels.js';
export * from './clock.js';
export * from './cluster/connection-leases.js';
export { type ClosedConnection } from './connections/connection-registry.js';
export { type SseConnectionFilter, type SseConnectionMatch } from './connections/connection-filter.js';
export * from './connections/sse-connection.js';
export * from './connections/sse-connections.js';
export {
  defineEvents,
  EventDefinitionError,
  payload,
  type DocumentedSchema,
  type EventDefinition,
  type EventDefinitions,
  type EventsOf,
  type JsonSchema,
  type PayloadClass,
  type PayloadOf,
  type TypedJsonSchema,
} from './events/define-events.js';
export {
  type StandardIssue,
  type StandardResult,
  type StandardSchema,
  type StandardSchemaProperties,
} from './events/standard-schema.js';
export { InvalidEventsException, readEventFilter } from './http/event-filter.js';
export { SSE_CORS_HEADERS, withStreamHeaders, type StreamCorsOptions } from './http/cors-headers.js';
export * from './http/problems.js';
export * from './http/refuse-stream.js';
export * from './http/sse-stream.decorator.js';
export * from './http/sse-stream-options.js';
export { SseCursor, SseLog } from './http/stream-params.js';
export * from './http/stream-request.js';
export * from './log/event-log.js';
export { FilteredLog, filterLog, type LogFilter } from './log/filtered-log.js';
export * from './log/log-events.js';
export * from './log/memory-event-log.js';
export { MergedCursorError } from './log/merged-cursor.js';
export * from './log/merged-log.js';
export * from './log/readable-log.js';
export { type ConnectionEnd, type RefusalReason, type ResumeResult, type SseMetrics } from './sse-metrics.js';
export { SseOptionsError, type SseIdentity, type SseOptions, type SseRequest } from './sse-options.js';
export * from './openapi/item-schemas.js';
export * from './sse.module.js';
export * from './tracing/sse-tracer.js';
export { InvalidMessageError } from './validation/invalid-message.js';
export { type MessageValidation } from './validation/message-validator.js';
