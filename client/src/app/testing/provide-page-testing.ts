import { provideHttpClient } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import type { EnvironmentProviders, Provider } from '@angular/core';
import { provideRouter } from '@angular/router';
import { provideSse, type SseFeature } from '@throughline/ngx-sse';
import { provideSseTesting } from '@throughline/ngx-sse/testing';

/** What a page asks the world for, with the test in the place of the server: requests, streams, no routes. */
export function providePageTesting(...features: SseFeature[]): (Provider | EnvironmentProviders)[] {
  return [
    provideHttpClient(),
    provideHttpClientTesting(),
    provideRouter([]),
    provideSse(...features),
    provideSseTesting(),
  ];
}
