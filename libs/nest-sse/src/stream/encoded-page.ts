import type { Cursor } from '@throughline/sse-protocol';
import type { LogFrame } from './frame-encoder.js';

/** Most bytes of one write, where a message is not longer itself: what a socket's buffers commonly take at once. */
export const WRITE_BYTES = 64 * 1024;

/** What is known of a frame when its bytes are joined with others. */
export type FrameMark = Pick<LogFrame, 'event' | 'id' | 'size'>;

/** What one write sends: the joined frames of messages that follow each other in a log. */
export interface FrameChunk {
  readonly frames: readonly FrameMark[];
  readonly bytes: Buffer;
  /** The place in the log after the chunk. */
  readonly end: Cursor;
}

/** A chunk whose frames were just encoded. */
export interface LogChunk extends FrameChunk {
  readonly frames: readonly LogFrame[];
}

/** Messages of a log that follow each other, encoded: from the place {@link start} to the place {@link end}. */
export class EncodedPage {
  private readonly marks: FrameMark[] = [];
  private parts: Buffer[] = [];
  private indexes: Map<Cursor, number> | undefined;
  private byteCount = 0;
  private position: Cursor;

  /** @param start the place before the first message; `undefined` for the log's start */
  constructor(
    readonly start: Cursor | undefined,
    first: FrameChunk,
  ) {
    this.position = first.end;
    this.append(first);
  }

  /** The place after the last message, or further where what followed was of no interest. */
  get end(): Cursor {
    return this.position;
  }

  /** Bytes of all its frames. */
  get size(): number {
    return this.byteCount;
  }

  /** Whether further frames belong on a page of their own. */
  get isFull(): boolean {
    return this.byteCount >= WRITE_BYTES;
  }

  /** Adds what follows. */
  append({ frames, bytes, end }: FrameChunk): void {
    for (const { event, id, size } of frames) {
      this.indexes?.set(id, this.marks.length);
      this.marks.push({ event, id, size });
    }
    this.parts.push(bytes);
    this.byteCount += bytes.length;
    this.position = end;
  }

  /** Index of the first message after `cursor`; `undefined` where the page does not say what follows it. */
  indexAfter(cursor: Cursor | undefined): number | undefined {
    if (cursor === this.start) return 0;
    if (cursor === undefined) return undefined;
    this.indexes ??= new Map(this.marks.map(({ id }, index) => [id, index]));
    const index = this.indexes.get(cursor);
    return index === undefined || index + 1 === this.marks.length ? undefined : index + 1;
  }

  /**
   * One write's worth from the message of that index on. The bytes are shared with whoever asks for a part of the page.
   */
  chunkFrom(index: number): FrameChunk {
    const { marks, position } = this;
    const to = endOfChunk(marks, index);
    const start = sizeOf(marks, 0, index);
    const bytes = this.joined().subarray(start, start + sizeOf(marks, index, to));
    if (index === 0 && to === marks.length) return { frames: marks, bytes, end: position };
    const frames = marks.slice(index, to);
    return { frames, bytes, end: to === marks.length ? position : (frames.at(-1) as FrameMark).id };
  }

  private joined(): Buffer {
    if (this.parts.length > 1) this.parts = [Buffer.concat(this.parts, this.byteCount)];
    return this.parts[0] as Buffer;
  }
}

/** Frames in writes of about {@link WRITE_BYTES}; each says which place it leads to, the last one to `end`. */
export function chunksOf(frames: readonly LogFrame[], end: Cursor): LogChunk[] {
  const chunks: LogChunk[] = [];
  for (let from = 0; from < frames.length;) {
    const to = endOfChunk(frames, from);
    const part = frames.slice(from, to);
    const bytes = Buffer.from(part.length === 1 ? (part[0] as LogFrame).text : part.map(({ text }) => text).join(''));
    chunks.push({ frames: part, bytes, end: to === frames.length ? end : (part.at(-1) as LogFrame).id });
    from = to;
  }
  return chunks;
}

/** The index after the last frame of the write that begins with the frame `from`. */
function endOfChunk(frames: readonly FrameMark[], from: number): number {
  let to = from;
  for (let bytes = 0; to < frames.length && (to === from || bytes < WRITE_BYTES); to += 1) {
    bytes += (frames[to] as FrameMark).size;
  }
  return to;
}

/** How many bytes the frames from one index to another have together. */
function sizeOf(frames: readonly FrameMark[], from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index += 1) sum += (frames[index] as FrameMark).size;
  return sum;
}
