import { firstValueFrom, from } from 'rxjs';
import type { TicketSource } from '../config';
import type { TicketFetch } from '../stream/session-ports';
import { errorOfCredentials } from './refusals';

/** Gets a fresh ticket for each request. */
export function createTicketFetch(source: TicketSource, parameter: string): TicketFetch {
  return async (url, run) => {
    try {
      return { [parameter]: await firstValueFrom(from(run(() => source(url)))) };
    } catch (cause) {
      throw errorOfCredentials(cause);
    }
  };
}
