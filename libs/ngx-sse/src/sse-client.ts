import { Injectable } from '@angular/core';
import type { EventMap, RunEvents } from '@throughline/sse-protocol';
import type { SseConnection, SseConnectOptions } from './sse-connection';
import { SseError } from './sse-error';

/** Opens event streams. */
@Injectable({ providedIn: 'root' })
export class SseClient {
  /**
   * Connects to a stream. A function is read as a reactive computation: whenever its URL changes, the connection moves
   * to the other stream; `undefined` is no stream.
   */
  connect<E extends EventMap = RunEvents>(
    url: string | (() => string | undefined),
    options: SseConnectOptions<E> = {},
  ): SseConnection<E> {
    throw new SseError('unsupported', `No transport for ${typeof url} with ${Object.keys(options).length} options.`);
  }
}
