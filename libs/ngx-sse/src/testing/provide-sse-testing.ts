import { makeEnvironmentProviders, type EnvironmentProviders } from '@angular/core';
import { SSE_CLOCK, SSE_DECODER, SSE_EVENT_SOURCE, SSE_FETCH, SSE_RANDOM } from '@throughline/ngx-sse';
import { createTestDecoder } from './fake-fetch-stream';
import { SseTestingController } from './sse-testing-controller';

/** Puts the test in the place of the server, the clock and randomness. Give it after `provideSse(…)`. */
export function provideSseTesting(): EnvironmentProviders {
  const from = <T>(choose: (controller: SseTestingController) => T) => ({
    useFactory: choose,
    deps: [SseTestingController],
  });
  return makeEnvironmentProviders([
    SseTestingController,
    { provide: SSE_CLOCK, ...from((controller) => controller.clock) },
    { provide: SSE_RANDOM, ...from((controller) => () => controller.random) },
    { provide: SSE_EVENT_SOURCE, ...from((controller) => controller.eventSource) },
    { provide: SSE_DECODER, useValue: createTestDecoder },
    { provide: SSE_FETCH, ...from((controller) => controller.fetch) },
  ]);
}
