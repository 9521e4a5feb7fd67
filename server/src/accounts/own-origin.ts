import type { Request } from 'express';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether the request's method may change something. */
export function isUnsafe(request: Request): boolean {
  return !SAFE_METHODS.has(request.method);
}

/**
 * Whether a page of our own sent the request. Browsers name the page's origin on every request that can change
 * something; programs that are no browsers name none, and carry no cookie that a foreign page could borrow.
 * The scheme of the own host is not compared: a proxy that ends TLS hides it.
 */
export function isFromOwnOrigin(request: Request, publicUrl: string | undefined): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (publicUrl !== undefined && origin === new URL(publicUrl).origin) return true;
  if (host === undefined || !/^https?:\/\//.test(origin) || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  // Read with the page's scheme, so that its default port is dropped from both.
  const own = `${page.protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === page.host;
}
