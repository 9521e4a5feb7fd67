/** A value, or one that is on its way. */
export type Soon<T> = T | Promise<T>;

type Ready<T extends readonly unknown[]> = { -readonly [K in keyof T]: Awaited<T[K]> };

/** Uses values in this turn if all are there, so that without a wait nothing is deferred. */
export function whenReady<const T extends readonly unknown[]>(
  values: T,
  use: (...values: Ready<T>) => void,
  fail: (cause: unknown) => void,
): void {
  if (values.some(isPromise)) Promise.all(values).then((ready) => use(...(ready as Ready<T>)), fail);
  else use(...(values as Ready<T>));
}

/** Any thenable: zone.js puts promises of its own in the place of the browser's. */
export function isPromise<T>(value: Soon<T>): value is Promise<T> {
  return typeof (value as Partial<Promise<T>> | undefined)?.then === 'function';
}
