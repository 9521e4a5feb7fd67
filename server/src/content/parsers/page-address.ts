import type { SkipCode } from './import-report.js';
import { IMPORT_LIMITS } from './limits.js';

export type AddressReading = { url: string } | { fault: SkipCode & `${string}url${string}` };

/** Drops `utm_…` pairs without writing the others anew, since `a=%20` and `a=+` may differ to the site. */
function withoutTracking(search: string): string {
  const kept = search
    .slice(1)
    .split('&')
    .filter((pair) => !/^utm_/i.test(pair));
  return kept.join('&') === '' ? '' : `?${kept.join('&')}`;
}

/**
 * Reads the address of a page and brings it to one form, so that duplicates are found: host in lower case, no fragment,
 * no `utm_` parameters. Only plain http and https are taken.
 */
export function readAddress(text: string): AddressReading {
  if (text === '') return { fault: 'missing_url' };
  if (text.length > IMPORT_LIMITS.urlChars) return { fault: 'url_too_long' };
  const scheme = /^([a-z][a-z0-9+-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return { fault: 'unsafe_url' };
  const url = scheme !== undefined && /^https?:\/\/[^/]/i.test(text) ? URL.parse(text) : null;
  if (url === null) return { fault: 'bad_url' };
  // A name and password in an address make it look like another host's.
  if (url.username !== '' || url.password !== '') return { fault: 'unsafe_url' };
  url.hash = '';
  url.search = withoutTracking(url.search);
  return url.href.length > IMPORT_LIMITS.urlChars ? { fault: 'url_too_long' } : { url: url.href };
}
