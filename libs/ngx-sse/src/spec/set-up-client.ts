import { EnvironmentInjector } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { RunEvents, StatusData } from '@throughline/sse-protocol';
import type { Subscription } from 'rxjs';
import { provideSse, SseClient, type SseConnection, type SseFeature } from '../index';
import { provideSseTesting, SseTestingController } from '../testing/index';

/** Where the streams of these specs are. */
export const URL = '/api/runs/1/events';

/** A client whose server is the test. */
export interface TestClient {
  readonly client: SseClient;
  readonly server: SseTestingController;
  readonly injector: EnvironmentInjector;
}

export function setUpClient(...features: SseFeature[]): TestClient {
  TestBed.configureTestingModule({ providers: [provideSse(...features), provideSseTesting()] });
  return {
    client: TestBed.inject(SseClient),
    server: TestBed.inject(SseTestingController),
    injector: TestBed.inject(EnvironmentInjector),
  };
}

/** What a subscriber got. */
export interface Record {
  readonly ids: string[];
  readonly events: string[];
  /** `complete`, the code of an error, or nothing yet. */
  end: string | undefined;
  readonly subscription: Subscription;
}

export function record(connection: SseConnection<RunEvents>): Record {
  const ids: string[] = [];
  const events: string[] = [];
  const result = { ids, events, end: undefined as string | undefined };
  const subscription = connection.messages.subscribe({
    next: (message) => {
      ids.push(message.id);
      events.push(message.event);
    },
    error: (error: { code: string }) => (result.end = error.code),
    complete: () => (result.end = 'complete'),
  });
  return Object.assign(result, { subscription });
}

export function statusData(): StatusData {
  return { timestamp: '2026-01-01T00:00:00.000Z', runId: '1', status: 'running', attempt: 1 };
}

/** Messages of a page. */
export function pageEvents(...ids: (number | string)[]) {
  return ids.map((id) => ({ event: 'status', id: String(id), data: statusData() }));
}
