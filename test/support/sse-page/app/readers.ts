import '@angular/compiler';
import { provideZonelessChangeDetection, runInInjectionContext, type Injector } from '@angular/core';
import { createApplication } from '@angular/platform-browser';
// Not what apps see: the transport alone, before anything else of the library.
import { DEFAULT_SSE_CONFIG } from '../../../../libs/ngx-sse/src/sse-config';
import { createFetchTransport } from '../../../../libs/ngx-sse/src/transport/fetch-transport';
import type { ReadEvent, ReadersApi, ReadingJob, Readings } from '../readers-api';

type StreamPorts = Parameters<typeof createFetchTransport>[0];

const MOST_CHARACTERS = 2 ** 24;

declare global {
  interface Window {
    readers: ReadersApi;
  }
}

/** Names that begin so are the protocol's own. */
const CONTROL = 'stream.';

/** What the browser itself makes of a stream. */
function readNative({ url, names }: ReadingJob): Promise<ReadEvent[]> {
  return new Promise((resolve) => {
    const events: ReadEvent[] = [];
    const source = new EventSource(url);
    const take = (event: Event) => {
      if ('data' in event) return void events.push(readMessage(event as MessageEvent<string>));
      if (event.type !== 'error') return;
      source.close();
      resolve(events);
    };
    for (const name of new Set(['open', 'error', ...names])) source.addEventListener(name, take);
  });
}

function readMessage({ type, data, lastEventId }: MessageEvent<string>): ReadEvent {
  if (!type.startsWith(CONTROL)) return { event: type, id: lastEventId, data: parse(data, data) };
  const control = parse(data, undefined);
  return { event: type, id: undefined, data: typeof control === 'object' && control !== null ? control : undefined };
}

function parse(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return otherwise; // text is as good here: the readers are compared, not the data
  }
}

/** What the library's transport makes of it, without anything of the library behind that. */
function readByFetch({ url, names }: ReadingJob, fetch: typeof window.fetch, injector: Injector): Promise<ReadEvent[]> {
  const events: ReadEvent[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<ReadEvent[]>();
  const ports: StreamPorts = {
    config: DEFAULT_SSE_CONFIG,
    clock: {
      now: () => Date.now(),
      setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
      clearTimeout: (handle) => clearTimeout(handle as number),
      requestFrame: (callback) => requestAnimationFrame(callback),
      cancelFrame: (handle) => cancelAnimationFrame(handle as number),
    },
    random: () => 0,
    eventSource: undefined,
    fetch,
    run: (call) => runInInjectionContext(injector, call),
    isOnline: () => true,
  };
  createFetchTransport(ports, MOST_CHARACTERS).open(
    { events: new Set(names), cursor: () => '', address: () => url, init: undefined },
    {
      accepted: () => undefined,
      alive: () => undefined,
      comment: () => undefined,
      message: (message) => {
        const { event, id } = message;
        events.push({ event, id, data: message.read(true).message?.data });
      },
      control: (event, data) => events.push({ event, id: undefined, data }),
      retry: () => undefined,
      page: () => undefined,
      troubled: () => undefined,
      ended: ({ kind }) => {
        if (kind === 'lost') resolve(events);
        else reject(new Error(`A stream that just stopped has ended as “${kind}”.`));
      },
    },
  );
  return promise;
}

/** The same answer, in chunks of these lengths. */
async function recut(response: Response, lengths: readonly number[]): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const length of lengths) controller.enqueue(bytes.slice(at, (at += length)));
      controller.close();
    },
  });
  return new Response(body, response);
}

async function readAll(jobs: readonly ReadingJob[], parallel: number, injector: Injector): Promise<Readings[]> {
  const results: Readings[] = [];
  const waiting = jobs.entries();
  const work = async () => {
    for (const [index, job] of waiting) {
      const [native, byFetch, inChunks] = await Promise.all([
        readNative(job),
        readByFetch(job, (input, init) => fetch(input, init), injector),
        readByFetch(job, async (input, init) => recut(await fetch(input, init), job.chunks), injector),
      ]);
      results[index] = { native, fetch: byFetch, recut: inChunks };
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return results;
}

createApplication({ providers: [provideZonelessChangeDetection()] }).then(
  ({ injector }) => {
    window.readers = { readAll: (jobs, parallel) => readAll(jobs, parallel, injector) };
  },
  (error: unknown) => reportError(error),
);
