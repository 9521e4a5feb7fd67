/** Request headers by which a stream's client says where to continue, and that no cache may answer. */
export const SSE_CORS_HEADERS = ['Last-Event-ID', 'Cache-Control'] as const;

/** Response header that tells a client that fetches when to come back; scripts of other origins see only what is exposed. */
const EXPOSED_HEADERS = ['Retry-After'] as const;

/** The part of CORS options that concerns streams, of `app.enableCors()` and of the `cors` packages. */
export interface StreamCorsOptions {
  allowedHeaders?: string | string[];
  exposedHeaders?: string | string[];
}

/**
 * CORS options under which clients of other origins may use streams: {@link SSE_CORS_HEADERS} pass the preflight, and
 * `Retry-After` can be read. Where no headers are listed, any may pass, and that stays so.
 *
 * `app.enableCors(withStreamHeaders({ origin, credentials: true, allowedHeaders: ['Content-Type'] }))`
 */
export function withStreamHeaders<O extends StreamCorsOptions>(options: O): O {
  const { allowedHeaders, exposedHeaders } = options;
  return {
    ...options,
    ...(allowedHeaders !== undefined && { allowedHeaders: union(allowedHeaders, SSE_CORS_HEADERS) }),
    exposedHeaders: union(exposedHeaders ?? [], EXPOSED_HEADERS),
  };
}

/** Names of headers, each once, whatever its case. */
function union(given: string | string[], ours: readonly string[]): string[] {
  const names = (Array.isArray(given) ? given : given.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const known = new Set(names.map((name) => name.toLowerCase()));
  return [...names, ...ours.filter((name) => !known.has(name.toLowerCase()))];
}
