import type { Cursor } from '@throughline/sse-protocol';
import { WRITE_BYTES } from './encoded-page.js';
import type { EncodedFrame } from './frame-encoder.js';

interface QueuedFrame extends EncodedFrame {
  readonly id: Cursor | undefined;
}

/** Frames that wait for one client; of those with the same key only the newest, at its own place in the order. */
export class FrameQueue {
  /** The id of the last frame that was taken and has one. */
  lastId: Cursor | undefined;

  private readonly frames = new Map<string | number, QueuedFrame>();
  private count = 0;
  private byteCount = 0;

  /** Bytes that wait. */
  get size(): number {
    return this.byteCount;
  }

  get isEmpty(): boolean {
    return this.frames.size === 0;
  }

  /** Whether there is enough for a write. */
  get isFull(): boolean {
    return this.byteCount >= WRITE_BYTES;
  }

  add({ event, bytes, size }: EncodedFrame, id: Cursor | undefined, key?: string): void {
    const place = key ?? (this.count += 1);
    const replaced = this.frames.get(place);
    if (replaced) {
      this.byteCount -= replaced.size;
      this.frames.delete(place);
    }
    this.frames.set(place, { event, bytes, size, id });
    this.byteCount += size;
  }

  /** Takes one write's worth out. */
  take(): QueuedFrame[] {
    const taken: QueuedFrame[] = [];
    let bytes = 0;
    for (const [key, frame] of this.frames) {
      if (bytes > 0 && bytes + frame.size > WRITE_BYTES) break;
      taken.push(frame);
      bytes += frame.size;
      this.frames.delete(key);
    }
    this.byteCount -= bytes;
    this.lastId = taken.findLast(({ id }) => id !== undefined)?.id ?? this.lastId;
    return taken;
  }

  clear(): void {
    this.frames.clear();
    this.byteCount = 0;
  }
}
