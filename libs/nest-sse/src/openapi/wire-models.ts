import { CLOSE_REASONS, type GapReason } from '@throughline/sse-protocol';
import { describeModel, type OpenApiObject } from './swagger-metadata.js';

/** The component schemas of what the library itself sends, under names that an app's own will not have. */
export class SseProblem {}
export class SseGap {}
export class SseStreamOpen {}
export class SseStreamHeartbeat {}
export class SseStreamGap {}
export class SseStreamClose {}

const GAP_REASONS: readonly GapReason[] = ['trimmed', 'epoch', 'ahead'];

const timestamp: OpenApiObject = { type: 'string', format: 'date-time' };

const gap: Record<string, OpenApiObject> = {
  reason: { type: 'string', enum: GAP_REASONS, description: 'Why the cursor cannot be continued from.' },
  from: { type: 'string', description: 'The cursor that the client named.' },
  to: { type: 'string', description: 'The cursor to go on from, once the snapshot was read.' },
  snapshot: { type: 'string', description: 'URL of what stands for the missing part; empty where there is none.' },
};

describeModel(SseProblem, {
  statusCode: { type: 'integer' },
  code: { type: 'string', description: 'What is wrong, for programs.' },
  message: { type: 'string', description: 'What is wrong, for people.' },
  retryAfterMs: { type: 'integer', required: false, description: 'When to try again, in milliseconds.' },
});
describeModel(SseGap, gap);
describeModel(SseStreamOpen, {
  timestamp,
  connectionId: { type: 'string' },
  resumedFrom: { type: 'string', description: 'The cursor from which the stream goes on; empty at the start.' },
  heartbeatIntervalMs: { type: 'integer' },
  maxLifetimeMs: { type: 'integer' },
});
describeModel(SseStreamHeartbeat, { timestamp, serverTime: { type: 'string', format: 'date-time' } });
describeModel(SseStreamGap, { timestamp, ...gap });
describeModel(SseStreamClose, {
  timestamp,
  reason: { type: 'string', enum: [...CLOSE_REASONS] },
  retryAfterMs: { type: 'integer', required: false, description: 'When to come back, in milliseconds.' },
});

/** The transport's own events: on every stream, in no page, and without an id. */
export const CONTROL_EVENTS = {
  'stream.open': SseStreamOpen,
  'stream.heartbeat': SseStreamHeartbeat,
  'stream.gap': SseStreamGap,
  'stream.close': SseStreamClose,
} as const;
