export type {
  FetchOptions,
  LivenessOptions,
  PollingOptions,
  ReconnectOptions,
  SseHeaders,
  SseRequest,
  SseTransport,
  TicketSource,
} from './config';
export {
  provideSse,
  withCredentials,
  withFetchTransport,
  withLastEventIdParameter,
  withLiveness,
  withPollingFallback,
  withReconnect,
  withServiceWorkerBypass,
  withTicket,
  withTransport,
} from './provide-sse';
export { sseResource } from './resource/sse-resource';
export type { SseFoldStart, SseResourceOptions, SseResourceRef } from './resource/sse-resource-ref';
export { SseClient } from './sse-client';
export { lastEventIdParameter as ɵlastEventIdParameter } from './sse-config';
export type { SseConnection, SseConnectOptions, SseState } from './sse-connection';
export { SseError, type SseErrorCode } from './sse-error';
export type { SseFeature } from './sse-feature';
export {
  SSE_BROADCAST_CHANNEL,
  SSE_LOCKS,
  type BroadcastChannelConstructor,
  type BroadcastChannelLike,
  type LockManagerLike,
} from './tabs/tab-platform';
export { withCrossTabSharing, type CrossTabSharingOptions } from './tabs/with-cross-tab-sharing';
export {
  SSE_CLOCK,
  SSE_EVENT_SOURCE,
  SSE_FETCH,
  SSE_RANDOM,
  type EventSourceConstructor,
  type EventSourceLike,
  type SseClock,
  type TimerHandle,
} from './tokens';
export { SSE_DECODER, type StreamDecoder } from './transport/stream-decoder';
export type {
  AnyMessage,
  EventsOf,
  InvalidMessage,
  MessageParser,
  MessageValidator,
  StandardResult,
  StandardSchema,
  UncheckedMessage,
  ValidationIssue,
} from './validation';
export type {
  CloseReason,
  CompleteData,
  Cursor,
  DeltaData,
  EducationalContent,
  EducationalData,
  ErrorData,
  EventMap,
  EventPage,
  Gap,
  GapReason,
  Message,
  MessageData,
  ProgressData,
  RunError,
  RunEvents,
  RunMessageData,
  RunStatus,
  SectionData,
  StatusData,
  StepChange,
} from '@throughline/sse-protocol';
