import type { Cursor } from '@throughline/sse-protocol';
import type { LogFrame } from './frame-encoder.js';

/** Most bytes of one write, where a message is not longer itself: what a socket's buffers commonly take at once. */
const CHUNK_BYTES = 64 * 1024;

/** What one write sends: the joined frames of messages that follow each other in a log. */
export interface FrameChunk {
  readonly frames: readonly LogFrame[];
  readonly bytes: Buffer;
  /** The place in the log after the chunk. */
  readonly end: Cursor;
}

/** Messages of a log that follow each other, encoded: from the place {@link start} to the place {@link end}. */
export class EncodedPage {
  private readonly frames: LogFrame[] = [];
  private joined: Buffer | undefined;
  private indexes: Map<Cursor, number> | undefined;
  private byteCount = 0;

  /** @param start the place before the first message; `undefined` for the log's start */
  constructor(
    readonly start: Cursor | undefined,
    private position: Cursor,
  ) {}

  /** The place after the last message, or further where what follows was of no interest. */
  get end(): Cursor {
    return this.position;
  }

  /** Bytes of all its frames. */
  get size(): number {
    return this.byteCount;
  }

  get length(): number {
    return this.frames.length;
  }

  /** Whether further frames belong on a page of their own. */
  get isFull(): boolean {
    return this.byteCount >= CHUNK_BYTES;
  }

  /** Adds what follows, up to the place `end`. */
  append(frames: readonly LogFrame[], end: Cursor): void {
    for (const frame of frames) {
      this.indexes?.set(frame.id, this.frames.length);
      this.frames.push(frame);
      this.byteCount += frame.bytes.length;
    }
    this.joined = undefined;
    this.position = end;
  }

  /** Index of the first message after `cursor`; `undefined` where the page does not say what follows it. */
  indexAfter(cursor: Cursor | undefined): number | undefined {
    if (cursor === this.start) return 0;
    if (cursor === undefined) return undefined;
    this.indexes ??= new Map(this.frames.map(({ id }, index) => [id, index]));
    const index = this.indexes.get(cursor);
    return index === undefined || index + 1 === this.frames.length ? undefined : index + 1;
  }

  /**
   * One write's worth from the message of that index on. The bytes are shared with whoever asks for a part of the page.
   */
  chunkFrom(index: number): FrameChunk {
    this.joined ??= joinedBytes(this.frames);
    const offset = bytesOf(this.frames, 0, index);
    const to = endOfChunk(this.frames, index);
    const bytes = this.joined.subarray(offset, offset + bytesOf(this.frames, index, to));
    return chunkOf(this.frames, index, to, this.position, bytes);
  }
}

/** Frames in writes of about {@link CHUNK_BYTES}; each says which place it leads to, the last one to `end`. */
export function chunksOf(frames: readonly LogFrame[], end: Cursor): FrameChunk[] {
  const chunks: FrameChunk[] = [];
  for (let from = 0; from < frames.length;) {
    const to = endOfChunk(frames, from);
    chunks.push(chunkOf(frames, from, to, end, joinedBytes(frames.slice(from, to))));
    from = to;
  }
  return chunks;
}

/** The index after the last frame of the write that begins with the frame `from`. */
function endOfChunk(frames: readonly LogFrame[], from: number): number {
  let to = from;
  for (let bytes = 0; to < frames.length && (to === from || bytes < CHUNK_BYTES); to += 1) {
    bytes += (frames[to] as LogFrame).bytes.length;
  }
  return to;
}

function chunkOf(frames: readonly LogFrame[], from: number, to: number, end: Cursor, bytes: Buffer): FrameChunk {
  const part = frames.slice(from, to);
  return { frames: part, bytes, end: to === frames.length ? end : (part.at(-1) as LogFrame).id };
}

/** The bytes of frames behind each other. */
export function joinedBytes(frames: readonly { readonly bytes: Buffer }[]): Buffer {
  const [first] = frames;
  return frames.length === 1 && first ? first.bytes : Buffer.concat(frames.map(({ bytes }) => bytes));
}

/** How many bytes the frames from one index to another have together. */
export function bytesOf(frames: readonly LogFrame[], from = 0, to = frames.length): number {
  let sum = 0;
  for (let index = from; index < to; index += 1) sum += (frames[index] as LogFrame).bytes.length;
  return sum;
}
