import type { SseTransport } from '../config';
import { isDev } from '../dev-mode';
import { SseError } from '../sse-error';
import { createNativeTransport } from '../transport/native-transport';
import type { StreamTransport } from '../transport/stream-transport';
import type { StreamPorts, StreamRequest } from './session-ports';

const NO_FETCH =
  isDev && 'A connection with `request` options, or with `fetch` as its transport, needs withFetchTransport().';
const NO_POLLING =
  isDev && 'Polling needs withPollingFallback() or withTransport(), and a connection that sends no body.';

/** Chooses how the messages of one stream come: by the connection's wish, what is provided, and what the browser has. */
export class TransportChoice {
  readonly #ports: StreamPorts;
  readonly #request: StreamRequest;
  /** JSON pages; `undefined` where no feature brings them, or where the request is none that a page could stand in for. */
  readonly polling: StreamTransport | undefined;

  constructor(ports: StreamPorts, request: StreamRequest) {
    this.#ports = ports;
    this.#request = request;
    const hasPages = request.init?.body === undefined && (request.init?.method ?? 'GET') === 'GET';
    this.polling = hasPages ? ports.config.pollingParts?.createTransport(ports) : undefined;
  }

  /** Whether pages are wanted, not only taken for want of better. */
  get isPollingWanted(): boolean {
    return this.#wish() === 'polling';
  }

  /** Whether pages may stand in for a stream that does not get through. */
  get mayFallBack(): boolean {
    return this.#ports.config.hasFallback && this.polling !== undefined && this.#wish() === 'auto';
  }

  /** The stream's transport, whatever else is wanted; or why there is none. */
  get stream(): StreamTransport | SseError {
    const { config, eventSource, fetch } = this.#ports;
    const wish = this.#wish();
    const hasFetch = config.fetchTransport !== undefined && fetch !== undefined;
    if (hasFetch && wish !== 'native') return config.fetchTransport(this.#ports);
    if (this.#request.init || wish === 'fetch') return new SseError('unsupported', NO_FETCH);
    if (!eventSource) return new SseError('unsupported');
    return createNativeTransport(this.#ports);
  }

  /** What to try next. */
  next(): StreamTransport | SseError {
    if (this.isPollingWanted) return this.polling ?? new SseError('unsupported', NO_POLLING);
    const { stream } = this;
    return stream instanceof SseError && this.mayFallBack && this.polling ? this.polling : stream;
  }

  #wish(): SseTransport {
    const { transport = this.#ports.config.transport } = this.#request;
    return typeof transport === 'function' ? this.#ports.run(transport) : transport;
  }
}
