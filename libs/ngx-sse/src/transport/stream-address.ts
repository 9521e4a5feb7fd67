import type { StreamPorts } from '../stream/session-ports';
import type { Soon } from './ready';

/** Makes the URLs of one stream's requests: the configuration's parameters, a request's own, a fresh ticket each time. */
export function completeAddress(
  url: string,
  { config, run }: Pick<StreamPorts, 'config' | 'run'>,
  parameters: Readonly<Record<string, string>>,
): Soon<string> {
  const all = { ...config.parameters, ...parameters };
  if (!config.ticket) return withParameters(url, all);
  return config.ticket(url, run).then((ticket) => withParameters(url, { ...all, ...ticket }));
}

/** Sets query parameters of an absolute or relative URL. The fragment is dropped: it is not sent. */
export function withParameters(url: string, parameters: Readonly<Record<string, string>>): string {
  const [, path = '', before = ''] = /^([^?#]*)\??([^#]*)/.exec(url) ?? [];
  const query = new URLSearchParams(before);
  for (const [name, value] of Object.entries(parameters)) query.set(name, value);
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}
