import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, Logger } from '@nestjs/common';
import { ConnectionRegistry, type ClosedConnection, type NotedConnection } from '../connections/connection-registry.js';
import type { SseConnection } from '../connections/sse-connection.js';
import type { ConnectionEnd } from '../sse-metrics.js';
import { StreamEngine } from '../stream/stream-engine.js';
import type { SseAttributes, SseSpan } from './sse-tracer.js';

/** Ends that are no client's and no one's wish. */
const FAULTS: ReadonlySet<ConnectionEnd> = new Set(['overloaded', 'slow', 'stalled']);

/** A span, and what runs a callback in the context of its request. */
interface TracedConnection {
  readonly span: SseSpan;
  readonly inContext: (callback: () => void) => void;
}

/** Tells the app's {@link SseTracer} of each connection. Without one it costs nothing. */
@Injectable()
export class ConnectionTracing {
  private readonly logger = new Logger('SseTracer');
  private readonly traced = new Map<string, TracedConnection>();
  private hasFailed = false;

  constructor(
    private readonly engine: StreamEngine,
    registry: ConnectionRegistry,
  ) {
    if (engine.settings.tracer === undefined) return;
    registry.opened.subscribe((connection) => this.opened(connection));
    registry.noted.subscribe((note) => this.noted(note));
    registry.closed.subscribe((closed) => this.closed(closed));
  }

  private opened(connection: SseConnection): void {
    const { id, kind, since, cursor } = connection;
    const inContext = AsyncLocalStorage.snapshot() as TracedConnection['inContext'];
    this.guarded('connection', () => {
      const attributes = { ...routeOf(kind), 'sse.resumed': cursor !== '' };
      const span = this.engine.settings.tracer?.connection({
        name: `SSE ${kind}`,
        startedAtMs: Date.parse(since),
        attributes,
      });
      if (!span) return;
      this.traced.set(id, { span, inContext });
    });
  }

  private noted({ id, name, attributes }: NotedConnection): void {
    const traced = this.traced.get(id);
    if (traced) this.guarded('event', () => traced.inContext(() => traced.span.event(name, attributes)));
  }

  private closed({ connection, reason }: ClosedConnection): void {
    const traced = this.traced.get(connection.id);
    if (!traced) return;
    this.traced.delete(connection.id);
    const attributes: SseAttributes = {
      'sse.close.reason': reason,
      ...(FAULTS.has(reason) && { 'error.type': reason }),
    };
    this.guarded('end', () => traced.inContext(() => traced.span.end(reason, attributes)));
  }

  private guarded(callback: string, call: () => void): void {
    try {
      call();
    } catch (error) {
      if (this.hasFailed) return;
      this.hasFailed = true;
      this.logger.error(`The tracer failed in ${callback}(); later faults of it are not logged.`, error);
    }
  }
}

function routeOf(kind: string): SseAttributes {
  return { 'code.function.name': kind, 'http.response.status_code': 200 };
}
