/** One feature of the library: how an app uses it, and texts of its code that no minifier changes. */
export interface Feature {
  readonly name: string;
  /** Given to `provideSse`. */
  readonly provided?: string;
  /** Initialises the component's `stream`. */
  readonly stream?: string;
  readonly marks: readonly string[];
}

const CONNECT = `inject(sse.SseClient).connect('/events')`;

/** What an app may leave out, each with marks of its own; production builds have no sentences, only codes. */
export const FEATURES: readonly Feature[] = [
  { name: 'withReconnect', provided: 'sse.withReconnect()', marks: [] }, // numbers of the core's, nothing of its own
  { name: 'withPollingFallback', provided: 'sse.withPollingFallback()', marks: ['"gave_up"'] },
  {
    name: 'withFetchTransport',
    provided: 'sse.withFetchTransport()',
    // The last is a text of eventsource-parser.
    marks: ['text/event-stream', '"oversized"', 'unknown-field'],
  },
  { name: 'withCrossTabSharing', provided: 'sse.withCrossTabSharing()', marks: ['BroadcastChannel', 'randomUUID'] },
  { name: 'withTicket', provided: `sse.withTicket(async () => 'x')`, marks: ['"ticket"'] },
  { name: 'withServiceWorkerBypass', provided: 'sse.withServiceWorkerBypass()', marks: ['ngsw-bypass'] },
  {
    name: 'sseResource',
    stream: `sse.sseResource({ url: '/events', defaultValue: 0, reducer: (count) => count + 1 }).connection`,
    marks: ['"reloading"', '"resolved"'],
  },
];

/** What no production build needs: of the wire's other end, of the library's tests, and sentences for developers. */
export const NEVER = ['invalid_event_name', 'ManualClock', 'SseTestingController', 'The server has gone silent'];

/** The source of an app that uses these features, and nothing else of the library. */
export function appWith(features: readonly Feature[]): string {
  const stream = features.find((feature) => feature.stream)?.stream ?? CONNECT;
  const provided = features.flatMap((feature) => feature.provided ?? []);
  return `
import { Component, inject } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import * as sse from '@throughline/ngx-sse';

@Component({ selector: 'app-prices', template: '{{ stream.state() }}' })
class App {
  readonly stream = ${stream};
  constructor() {
    this.stream.messages.subscribe();
    inject(Injector);
  }
}
void bootstrapApplication(App, { providers: [sse.provideSse(${provided.join(', ')})] });
`.replace('{ Component, inject }', '{ Component, inject, Injector }');
}

/** The same app without the library. */
export const APP_WITHOUT = `
import { Component, inject, Injector } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';

@Component({ selector: 'app-prices', template: '{{ stream.state() }}' })
class App {
  readonly stream = { state: () => 'idle' };
  constructor() {
    inject(Injector);
  }
}
void bootstrapApplication(App, { providers: [] });
`;
