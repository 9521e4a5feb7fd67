import type { Cursor } from '@throughline/sse-protocol';
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

  /** Takes all out. */
  take(): QueuedFrame[] {
    const taken = [...this.frames.values()];
    this.clear();
    this.lastId = taken.findLast(({ id }) => id !== undefined)?.id ?? this.lastId;
    return taken;
  }

  clear(): void {
    this.frames.clear();
    this.count = 0;
    this.byteCount = 0;
  }
}
