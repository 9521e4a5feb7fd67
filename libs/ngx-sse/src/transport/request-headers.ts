import type { SseHeaders } from '../config';
import type { StreamPorts } from '../stream/session-ports';
import { isPromise, type Soon } from './ready';
import { errorOfCredentials } from './refusals';
import type { TransportRequest } from './stream-transport';

type Headers = Readonly<Record<string, string>>;

/** The caller's headers for one request, those of the connection before those of the application. Rejects with an `SseError`. */
export function callersHeaders({ config, run }: StreamPorts, { init }: TransportRequest): Soon<Headers> {
  return guarded(() => {
    const general = read(config.headers, run);
    const own = read(init?.headers, run);
    if (isPromise(general) || isPromise(own)) return Promise.all([general, own]).then((both) => merge(...both));
    return merge(general, own);
  });
}

/** Runs a caller's function. What it throws may hold what it fetched, so an `SseError` without it is thrown instead. */
export function guarded<T>(call: () => Soon<T>): Soon<T> {
  const fail = (cause: unknown): never => {
    throw errorOfCredentials(cause);
  };
  try {
    const value = call();
    return isPromise(value) ? value.catch(fail) : value;
  } catch (cause) {
    return Promise.reject(errorOfCredentials(cause));
  }
}

function read(source: SseHeaders | undefined, run: StreamPorts['run']): Soon<Headers> {
  return typeof source === 'function' ? run(source) : (source ?? {});
}

/** By lower-case names, so that `authorization` and `Authorization` are not sent both. */
function merge(...all: Headers[]): Headers {
  const merged: Record<string, string> = {};
  for (const headers of all) {
    for (const [name, value] of Object.entries(headers)) merged[name.toLowerCase()] = value;
  }
  return merged;
}
