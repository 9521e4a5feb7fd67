// Compiles what Angular's packages ship half compiled, and the components here: no build step but bundling.
import '@angular/compiler';
import { provideHttpClient, withFetch } from '@angular/common/http';
import {
  ChangeDetectionStrategy,
  Component,
  EnvironmentInjector,
  provideZonelessChangeDetection,
  signal,
} from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import type { PageApi } from '../page-api';
import { Clients } from './clients';
import { RecordedConnection } from './recorded-connection';

declare global {
  interface Window {
    sse: PageApi;
  }
}

const connections = signal<readonly RecordedConnection[]>([]);

/** Shows to a person what the specs see. Counts move with the signals of the library, at most once per frame. */
@Component({
  selector: 'sse-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <table>
      <thead>
        <tr>
          <th>connection</th>
          <th>state</th>
          <th>messages</th>
          <th>last id</th>
          <th>error</th>
        </tr>
      </thead>
      <tbody>
        @for (recorded of connections(); track recorded) {
          <tr [attr.data-connection]="recorded.name" [attr.data-state]="recorded.connection.state()">
            <td>{{ recorded.name }}</td>
            <td>{{ recorded.connection.state() }}</td>
            <td>{{ recorded.count }}</td>
            <td>{{ recorded.connection.lastEventId() }}</td>
            <td>{{ recorded.connection.error()?.code }}</td>
          </tr>
        } @empty {
          <tr>
            <td colspan="5">No connection yet.</td>
          </tr>
        }
      </tbody>
    </table>
  `,
})
class SsePageApp {
  protected readonly connections = connections;
}

function find(name: string): RecordedConnection {
  const found = connections().find((recorded) => recorded.name === name);
  if (!found) throw new Error(`There is no connection “${name}”.`);
  return found;
}

function createApi(injector: EnvironmentInjector): PageApi {
  const clients = new Clients(injector);
  return {
    connect(name, url, how = {}) {
      if (connections().some((recorded) => recorded.name === name)) throw new Error(`“${name}” is taken.`);
      const recorded = new RecordedConnection(name, url, clients.of(how.features ?? {}), injector, how);
      connections.update((before) => [...before, recorded]);
    },
    pause: (name) => find(name).pause(),
    resume: (name) => find(name).resume(),
    reconnect: (name) => find(name).connection.reconnect(),
    close: (name) => find(name).connection.close(),
    forget(name) {
      const recorded = find(name);
      recorded.dispose();
      connections.update((before) => before.filter((other) => other !== recorded));
    },
    closeAll: () => clients.closeAll(),
    dispose() {
      for (const recorded of connections()) recorded.dispose();
      connections.set([]);
      clients.dispose();
    },
    report: (name) => find(name).report(),
  };
}

bootstrapApplication(SsePageApp, {
  providers: [provideZonelessChangeDetection(), provideHttpClient(withFetch())],
}).then(
  ({ injector }) => {
    window.sse = createApi(injector);
  },
  // Thrown where the browser reports it, so that the spec sees it among the page's complaints.
  (error: unknown) => reportError(error),
);
