import type { Cursor } from '@throughline/sse-protocol';
import type { LogListener, LogReader } from '../log/log-reader.js';
import { outsideRequests } from '../request-context.js';
import type { FrameChunk, LogChunk } from './encoded-page.js';
import { nextTurn, type Flushable, type FlushScheduler } from './flush-scheduler.js';
import type { FrameEncoder } from './frame-encoder.js';
import type { FrameTally } from './frame-tally.js';
import type { FrameWindow } from './frame-window.js';
import { PageReader, type PageRead } from './page-reader.js';

/**
 * So many hints are not joined with more: a burst that leaves in few, huge writes takes longest to arrive, since each
 * waits behind all of it in the sockets' buffers.
 */
const MAX_JOINED_HINTS = 16;

/** How long a fan-out may keep the event loop before others have their turn. */
const SLICE_MS = 8;
/** Connections that are written to between two looks at the clock. */
const SLICE_MEMBERS = 64;

/** A connection that streams the log. */
export interface FollowerMember {
  /** The place after what it was sent. */
  readonly position: Cursor | undefined;
  /** Takes the newest messages; answers with how many chunks it took: fewer than all where its client is behind. */
  receive(chunks: readonly FrameChunk[]): number;
  /** Nothing that it is to be sent lies before that place. */
  moveOn(position: Cursor): void;
  /** It is no longer sent what is new: it is to catch up from its own place. */
  fallBehind(): void;
  /** It has everything, and nothing more will come. */
  complete(): void;
  fail(error: unknown): void;
}

/** What a member that caught up by itself has read. */
export interface FollowerPage extends PageRead {
  /** For {@link LogFollower.arrive}. */
  readonly hints: number;
}

/**
 * All connections of one log. Those that are level with it are at the same place: what is new is read once, encoded once
 * and joined once, and the same bytes are written to each. Whoever is behind catches up from the {@link FrameWindow} or
 * the log at its own pace and costs no memory but its place.
 */
export class LogFollower implements Flushable, LogListener {
  flushedAtMs = -Infinity;

  private readonly members = new Set<FollowerMember>();
  private readonly level = new Set<FollowerMember>();
  private readonly pages: PageReader;
  private unlisten: (() => void) | undefined;
  /** The place of those who are level; `undefined` while nobody was yet. */
  private tail: Cursor | undefined;
  private hasEnded = false;
  /** Hints so far: a read that began before the newest one may not have seen all. */
  private hints = 0;
  /** Hints since the last read. */
  private hintsWaiting = 0;
  private isDirty = false;
  private running: Promise<void> | undefined;

  constructor(
    private readonly reader: LogReader,
    encoder: FrameEncoder,
    private readonly scheduler: FlushScheduler,
    private readonly tally: FrameTally,
    readonly window: FrameWindow,
  ) {
    this.pages = new PageReader(reader, encoder);
  }

  /** Begins to hear of what is new; to be called before the first read. */
  attach(member: FollowerMember): void {
    this.members.add(member);
    // Again for each, since hints may have failed.
    this.unlisten = this.reader.listen(this);
  }

  detach(member: FollowerMember): void {
    this.level.delete(member);
    this.doubtEnd();
    if (!this.members.delete(member) || this.members.size > 0) return;
    this.unlisten?.();
    this.unlisten = undefined;
    this.scheduler.cancel(this);
    this.forget();
  }

  /** Whether the member is level now, and is sent what is new from here on. */
  admit(member: FollowerMember): boolean {
    if (this.tail === undefined || member.position !== this.tail) return false;
    this.level.add(member);
    if (this.isDirty) this.scheduler.schedule(this);
    else if (this.hasEnded && !this.running) member.complete();
    return true;
  }

  /** Reads what follows `position`, together with all that ask for it now. */
  async read(position: Cursor | undefined): Promise<FollowerPage> {
    const { hints } = this;
    const read = await this.pages.read(position);
    // Others may be as far behind.
    if (read.isNew) this.window.remember(read.page.gap?.to ?? position, read.chunks);
    return { ...read, hints };
  }

  /** A member has read all that there is, up to `position`: those who are level are there, or will be soon. */
  async arrive(position: Cursor, { page, hints }: FollowerPage): Promise<void> {
    if (this.level.size > 0 || this.running) {
      if (position === this.tail && !page.ended) return;
      this.isDirty = true;
      return this.run();
    }
    this.tail = position;
    this.hasEnded = page.ended;
    this.isDirty = hints !== this.hints;
  }

  flush(): void {
    void this.run();
  }

  onHint(): void {
    this.hints += 1;
    this.isDirty = true;
    this.hintsWaiting += 1;
    if (this.level.size === 0 || this.running) return;
    if (this.hintsWaiting < MAX_JOINED_HINTS) return this.scheduler.schedule(this);
    this.scheduler.cancel(this);
    this.flush();
  }

  onError(error: unknown): void {
    for (const member of this.members) member.fail(error);
  }

  private run(): Promise<void> {
    // For all, so in nobody's async context.
    this.running ??= outsideRequests(() => this.readOn()).finally(() => {
      this.running = undefined;
      this.flushedAtMs = performance.now();
      this.doubtEnd();
      if (this.isDirty && this.level.size > 0) this.scheduler.schedule(this);
    });
    return this.running;
  }

  private async readOn(): Promise<void> {
    try {
      let more = true;
      while (more && this.level.size > 0) {
        this.isDirty = false;
        this.hintsWaiting = 0;
        const { tail } = this;
        const { page, chunks, failure } = await this.pages.read(tail);
        // All have left meanwhile, and nobody has heard the hints since: whoever has come reads from its own place.
        if (this.tail !== tail) break;
        if (page.gap) return this.dismiss();
        if (chunks.length > 0) await this.deliver(chunks);
        else if (!failure) this.moveOn(page.cursor);
        if (failure) throw failure.error;
        more = page.more;
        this.hasEnded = page.ended && !more;
      }
      // Nobody is level any more; whoever will be is to read the rest.
      if (more) this.isDirty = true;
      if (this.hasEnded && !this.isDirty) for (const member of this.level) member.complete();
    } catch (error) {
      // What it was to bring is still to be read: its clients come back to where they were.
      this.isDirty = true;
      for (const member of this.level) member.fail(error);
    }
  }

  private async deliver(chunks: readonly LogChunk[]): Promise<void> {
    this.window.append(this.tail, chunks);
    const receivers = [...this.level];
    // Whoever becomes level from here on is past these.
    this.tail = chunks.at(-1)?.end;
    const counts = chunks.map(() => 0);
    let sliceEndsAt = performance.now() + SLICE_MS;
    for (let index = 0; index < receivers.length; index += 1) {
      const member = receivers[index] as FollowerMember;
      if (index % SLICE_MEMBERS === SLICE_MEMBERS - 1 && performance.now() > sliceEndsAt) {
        await nextTurn();
        sliceEndsAt = performance.now() + SLICE_MS;
      }
      if (!this.level.has(member)) continue;
      const taken = member.receive(chunks);
      for (let chunk = 0; chunk < taken; chunk += 1) counts[chunk] = (counts[chunk] as number) + 1;
      if (taken < chunks.length) this.demote(member);
    }
    for (const [chunk, { frames }] of chunks.entries()) this.tally.delivered(frames, counts[chunk] as number);
  }

  /** What followed is of no interest to anybody here, as in a log that is filtered. */
  private moveOn(position: Cursor): void {
    if (position === this.tail) return;
    this.tail = position;
    for (const member of this.level) member.moveOn(position);
  }

  private demote(member: FollowerMember): void {
    this.level.delete(member);
    member.fallBehind();
  }

  /** The log does not continue where those who are level are: each asks it for itself, and tells its client of the gap. */
  private dismiss(): void {
    const members = [...this.level];
    this.forget();
    for (const member of members) this.demote(member);
  }

  /** A log that has ended may be reopened, which no hint tells: where nobody is level, the next one is to ask it. */
  private doubtEnd(): void {
    if (!this.hasEnded || this.level.size > 0) return;
    this.tail = undefined;
    this.hasEnded = false;
  }

  private forget(): void {
    this.tail = undefined;
    this.hasEnded = false;
    this.isDirty = false;
    this.window.clear();
  }
}
