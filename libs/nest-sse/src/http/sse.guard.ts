import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Cursor } from '@throughline/sse-protocol';
import type { ReadableLog } from '../log/readable-log.js';
import type { SseRequest } from '../sse-options.js';
import { StreamEngine } from '../stream/stream-engine.js';
import { readAccept } from './accept.js';
import { narrow, readEventFilter } from './event-filter.js';
import { rawResponseOf } from './raw-exchange.js';
import type { SseSource, SseStreamOptions } from './sse-stream-options.js';
import { StreamAdmission } from './stream-admission.js';
import { StreamOpener } from './stream-opener.js';
import { bindExchange, type StreamExchange } from './stream-exchange.js';
import { readLastEventId } from './stream-query.js';
import { streamOptionsOf } from './stream-route.js';

/**
 * The last guard of each stream's route: everything that can refuse a stream is decided here, while a refusal can still
 * be a status. It runs after the app's own guards, so nothing is told to those who may not know.
 */
@Injectable()
export class SseGuard implements CanActivate {
  constructor(
    private readonly moduleRef: ModuleRef,
    private readonly admission: StreamAdmission,
    private readonly opener: StreamOpener,
    private readonly engine: StreamEngine,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const options = streamOptionsOf(context.getHandler());
    const exchange = this.begin(context, options);
    await this.engine.openings.enter();
    this.admission.assertNotDraining(exchange);
    const log = await this.openSource(context, options);
    if (log) {
      exchange.log = narrow(log, exchange.filter);
      await this.admission.admit(exchange, exchange.log);
    }
    if (exchange.wantsPage) return true;
    if (exchange.request.method !== 'HEAD') await this.admission.reserve(exchange);
    exchange.stage = this.opener.prepare(exchange);
    return true;
  }

  private begin(context: ExecutionContext, { events, filter, latestBy }: SseStreamOptions): StreamExchange {
    const http = context.switchToHttp();
    const request = http.getRequest<SseRequest>();
    const reply = http.getResponse<object>();
    const acceptance = readAccept(request.headers.accept);
    const exchange: StreamExchange = {
      ...acceptance,
      request,
      reply,
      response: rawResponseOf(reply),
      kind: `${context.getClass().name}.${context.getHandler().name}`,
      ...(events && { events }),
      ...(filter && { filter: readEventFilter(request, events) }),
      ...(latestBy && { latestBy }),
      opener: this.opener,
      cursor: acceptance.wantsPage ? undefined : this.readCursor(request),
    };
    bindExchange(exchange);
    return exchange;
  }

  private readCursor(request: SseRequest): Cursor | undefined {
    try {
      return readLastEventId(request);
    } catch (error) {
      this.engine.metrics.tell('resumed', { result: 'malformed' });
      throw error;
    }
  }

  private async openSource(context: ExecutionContext, { source }: SseStreamOptions): Promise<ReadableLog | undefined> {
    if (!source) return undefined;
    return this.moduleRef.get<SseSource>(source, { strict: false }).open(context);
  }
}
