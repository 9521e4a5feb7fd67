import { HttpClient } from '@angular/common/http';
import { createEnvironmentInjector, inject, type EnvironmentInjector } from '@angular/core';
import {
  provideSse,
  SseClient,
  withCredentials,
  withCrossTabSharing,
  withFetchTransport,
  withLastEventIdParameter,
  withLiveness,
  withPollingFallback,
  withReconnect,
  withServiceWorkerBypass,
  withTicket,
  withTransport,
  type SseFeature,
} from '@throughline/ngx-sse';
import { map } from 'rxjs';
import type { PageFeatures } from '../page-api';

/** One `SseClient` for each set of features, in an injector of its own. */
export class Clients {
  readonly #root: EnvironmentInjector;
  readonly #injectors = new Map<string, EnvironmentInjector>();

  constructor(root: EnvironmentInjector) {
    this.#root = root;
  }

  of(features: PageFeatures): SseClient {
    const key = JSON.stringify(features);
    let injector = this.#injectors.get(key);
    if (!injector) {
      injector = createEnvironmentInjector([provideSse(...readFeatures(features)), SseClient], this.#root);
      this.#injectors.set(key, injector);
    }
    return injector.get(SseClient);
  }

  closeAll(): void {
    for (const injector of this.#injectors.values()) injector.get(SseClient).closeAll();
  }

  dispose(): void {
    for (const injector of this.#injectors.values()) injector.destroy();
    this.#injectors.clear();
  }
}

function readFeatures(wanted: PageFeatures): SseFeature[] {
  const { reconnect, liveness, polling, transport, ticketUrl, lastEventIdParameter } = wanted;
  const features: (SseFeature | undefined)[] = [
    reconnect && withReconnect(reconnect),
    liveness && withLiveness(liveness),
    polling && withPollingFallback(polling),
    transport && withTransport(transport),
    wanted.fetch && withFetchTransport(wanted.fetch),
    wanted.tabs && withCrossTabSharing(wanted.tabs),
    ticketUrl === undefined ? undefined : withTicket(() => fetchTicket(ticketUrl)),
    wanted.credentials && withCredentials(),
    lastEventIdParameter === undefined ? undefined : withLastEventIdParameter(lastEventIdParameter),
    wanted.serviceWorkerBypass && withServiceWorkerBypass(),
  ];
  return features.filter((feature) => feature !== undefined);
}

function fetchTicket(url: string) {
  return inject(HttpClient)
    .post<{ readonly ticket: string }>(url, undefined)
    .pipe(map(({ ticket }) => ticket));
}
