import { TestBed } from '@angular/core/testing';
import { provideSse, SseClient, withFetchTransport, type SseConnectOptions, type SseFeature } from '../../index';
import { provideSseTesting, SseTestingController } from '../../testing/index';
import { URL } from './scripted-server';

/** A connection whose server is the test, and what it gave. */
export function setUp(options: SseConnectOptions<object> = {}, ...features: SseFeature[]) {
  TestBed.configureTestingModule({ providers: [provideSse(...features), provideSseTesting()] });
  const server = TestBed.inject(SseTestingController);
  const connection = TestBed.inject(SseClient).connect(URL, options);
  const got = { ids: [] as string[], data: [] as unknown[], end: undefined as string | undefined };
  connection.messages.subscribe({
    next: ({ id, data }) => {
      got.ids.push(id);
      got.data.push(data);
    },
    error: (error: { code: string }) => (got.end = error.code),
    complete: () => (got.end = 'complete'),
  });
  return { server, connection, got };
}

/** With streams by `fetch`. */
export const setUpFetch = (options: SseConnectOptions<object> = {}, ...features: SseFeature[]) =>
  setUp(options, withFetchTransport(), ...features);
