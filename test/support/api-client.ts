import type { EventPage, RunEvents } from '@throughline/sse-protocol';
import type { Problem, RunSnapshot } from '@throughline/strategy-contract';
import { SseTestClient, type SseTestClientOptions } from '@throughline/nest-sse/testing';
import { ADMIN } from './server-process.js';

/** An answer with its body as JSON, where it has one. */
export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** A signed-in client of a server under test, over real sockets. */
export class ApiClient {
  private constructor(
    readonly url: string,
    readonly cookie: string,
  ) {}

  static async signIn(url: string, credentials: { email: string; password: string } = ADMIN): Promise<ApiClient> {
    const response = await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(credentials),
    });
    if (response.status !== 204) throw new Error(`Sign-in answered ${response.status}: ${await response.text()}`);
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
    if (cookie === undefined) throw new Error('Sign-in set no cookie.');
    return new ApiClient(url, cookie);
  }

  /** Sends a request below `/api/v1`; an object is sent as JSON. */
  async send<T = Problem>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const isForm = body instanceof FormData;
    const payload = body === undefined || isForm || typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        cookie: this.cookie,
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(payload === undefined ? {} : { body: payload }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
  }

  get<T = Problem>(path: string, headers: Record<string, string> = {}): Promise<Answer<T>> {
    return this.send<T>('GET', path, undefined, headers);
  }

  post<T = Problem>(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    return this.send<T>('POST', path, body, headers);
  }

  /** Opens a stream below `/api/v1`. */
  stream(path: string, options: SseTestClientOptions = {}): Promise<SseTestClient> {
    return SseTestClient.open(this.url, `/api/v1${path}`, {
      timeoutMs: 30_000,
      ...options,
      headers: { cookie: this.cookie, ...options.headers },
    });
  }

  /** Adds the sample content and a strategy with its brief. */
  async addSample(): Promise<string> {
    const { status, body } = await this.post<{ strategyId: string }>('/sample');
    if (status !== 201) throw new Error(`POST /sample answered ${status}: ${JSON.stringify(body)}`);
    return body.strategyId;
  }

  async startRun(strategyId: string): Promise<RunSnapshot> {
    const { status, body } = await this.post<RunSnapshot>(`/strategies/${strategyId}/runs`);
    if (status !== 202) throw new Error(`POST runs answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  /** All messages of a run that ended, as JSON pages give them. */
  async readLog(runId: string): Promise<EventPage<RunEvents>['events']> {
    const events: EventPage<RunEvents>['events'] = [];
    for (let cursor = '0', more = true; more;) {
      const path = `/runs/${runId}/events?after=${cursor}&limit=100`;
      const { body } = await this.get<EventPage<RunEvents>>(path, { accept: 'application/json' });
      events.push(...body.events);
      ({ cursor, more } = body);
    }
    return events;
  }
}
