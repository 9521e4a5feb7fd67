import { BadRequestException } from '@nestjs/common';
import { filter, isObservable } from 'rxjs';
import type { EventDefinitions } from '../events/define-events.js';
import { filterLog } from '../log/filtered-log.js';
import type { ReadableLog } from '../log/readable-log.js';
import type { SseRequest } from '../sse-options.js';
import type { SseContent, SseEvent } from './sse-stream-options.js';

/** More names than a stream has events: whoever sends them is up to something else. */
const MAX_NAMES = 32;
/** What can be the name of an event, but for the comma that parts them. */
const NAME = /^[\x21-\x2b\x2d-\x39\x3b-\x7e]{1,128}$/;

/** `?events=` names what cannot be an event, or none of the route's: 400, `code: 'invalid_events'`. */
export class InvalidEventsException extends BadRequestException {
  /** @param known the names that there are, where the route says so */
  constructor(known?: readonly string[]) {
    const choice = known ? `: ${known.join(', ')}` : '';
    const message = `events is 1 to ${MAX_NAMES} names of events with commas between them${choice}.`;
    super({ statusCode: 400, code: 'invalid_events', message });
  }
}

/**
 * The names of the events that a client wants: `?events=progress,section`; `undefined` without any, for all. A name with
 * a comma cannot be asked for. Throws {@link InvalidEventsException}.
 *
 * @param events what is streamed, where that is known: then other names are refused, since they would wait for ever
 */
export function readEventFilter(request: SseRequest, events?: EventDefinitions): readonly string[] | undefined {
  const url = request.originalUrl ?? request.url ?? '';
  const start = url.indexOf('?');
  const text = start < 0 ? '' : new URLSearchParams(url.slice(start)).getAll('events').join(',');
  if (text === '') return undefined;
  const names = text.split(',');
  const isEvent = (name: string): boolean => (events ? Object.hasOwn(events, name) : NAME.test(name));
  if (names.length > MAX_NAMES || !names.every(isEvent)) {
    throw new InvalidEventsException(events && Object.keys(events));
  }
  return names;
}

/** What a route streams, with only the events of those names; as it is without any names, or where it is neither. */
export function narrow<C extends SseContent>(content: C, names: readonly string[] | undefined): C;
export function narrow(content: SseContent, names: readonly string[] | undefined): SseContent {
  if (!names || content === null || typeof content !== 'object') return content;
  if (isObservable(content)) return content.pipe(filter(({ event }: SseEvent) => names.includes(event)));
  return isReadable(content) ? filterLog(content, { events: names }) : content;
}

function isReadable(content: Partial<ReadableLog>): content is ReadableLog {
  return typeof content.readAfter === 'function' && isObservable(content.changes);
}
