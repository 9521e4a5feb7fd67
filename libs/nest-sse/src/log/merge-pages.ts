import type { Cursor, Gap, Message } from '@throughline/sse-protocol';
import { encodePlace, joinPlaces } from './merged-cursor.js';
import type { ReadablePage } from './readable-log.js';

/** What was read of one of the logs. */
export interface SourcePage {
  /** The log's key in cursors. */
  readonly key: string;
  /** The place that was read after. */
  readonly from: Cursor | undefined;
  readonly page: ReadablePage;
}

/**
 * Merges what was read of each log, at most `limit` messages from each, into a page of at most `limit`. Each message's id
 * is the place after it in all logs. What is not needed is left to be read again.
 *
 * @param from the merged cursor that was read after
 */
export function mergePages(sources: readonly SourcePage[], from: Cursor | undefined, limit: number): ReadablePage {
  const places = sources.map(({ key, from: place }) => (place === undefined ? '' : encodePlace(key, place)));
  const before = from ?? joinPlaces(places);
  const tracks = sources.map((source, index) => new Track(source, places, index));
  const gapTrack = tracks.find(({ gap }) => gap);
  for (const track of tracks) if (!track.gap) track.settle();
  const gap = gapTrack?.gap && told(gapTrack.gap, before, gapTrack, places);
  const events = takeInOrder(tracks, limit);
  return {
    events,
    cursor: joinPlaces(places),
    more: tracks.some(({ isEmpty, hasMore }) => !isEmpty || hasMore),
    ended: sources.every(({ page }) => page.ended),
    ...(gap && { gap }),
  };
}

/** The first log's gap in merged cursors: it leads to the place from which that log goes on, with the others as they are. */
function told({ reason, to, snapshot }: Gap, from: Cursor, track: Track, places: readonly string[]): Gap {
  track.goOnFrom(to);
  const gap = { reason, from, to: joinPlaces(places), snapshot };
  track.settle();
  return gap;
}

function takeInOrder(tracks: readonly Track[], limit: number): Message[] {
  const events: Message[] = [];
  while (events.length < limit) {
    const track = earliest(tracks);
    if (!track) break;
    events.push(track.take());
    // What comes next in that log is not known yet, and may be earlier than what the others have.
    if (track.isEmpty && track.hasMore) break;
  }
  return events;
}

/** How far one log's page has been merged; keeps the log's part of the merged cursor. */
class Track {
  /** A gap before the page that has not been told; until then its log stays where it is and has nothing to give. */
  gap: Gap | undefined;
  private next = 0;
  private stamp = '';

  constructor(
    private readonly source: SourcePage,
    private readonly places: string[],
    private readonly index: number,
  ) {
    this.gap = source.page.gap;
    this.stamp = stampOf(source.page.events[0]);
  }

  get isEmpty(): boolean {
    return this.gap !== undefined || this.next >= this.source.page.events.length;
  }

  /** Whether the log has more behind the page. */
  get hasMore(): boolean {
    return this.gap !== undefined || this.source.page.more;
  }

  /** When the next message was made, as it says; one that does not say so waits for nobody. */
  get nextStamp(): string {
    return this.stamp;
  }

  /** The next message, with the merged cursor after it. */
  take(): Message {
    const { events } = this.source.page;
    const { event, id, data } = events[this.next] as Message;
    this.next += 1;
    this.stamp = stampOf(events[this.next]);
    this.moveTo(id);
    this.settle();
    return { event, id: joinPlaces(this.places), data };
  }

  /** The gap is told: the log goes on from there. */
  goOnFrom(cursor: Cursor): void {
    this.gap = undefined;
    this.moveTo(cursor);
  }

  /** Where all was taken, the place is the page's, which may lie beyond its last message. */
  settle(): void {
    if (this.isEmpty) this.moveTo(this.source.page.cursor);
  }

  private moveTo(cursor: Cursor): void {
    this.places[this.index] = encodePlace(this.source.key, cursor);
  }
}

/** The track whose next message is the earliest; of equals the first. */
function earliest(tracks: readonly Track[]): Track | undefined {
  let first: Track | undefined;
  for (const track of tracks) {
    if (!track.isEmpty && (!first || track.nextStamp < first.nextStamp)) first = track;
  }
  return first;
}

function stampOf(message: Message | undefined): string {
  const { timestamp } = (message?.data ?? {}) as { timestamp?: unknown };
  return typeof timestamp === 'string' ? timestamp : '';
}
