import type { EncodedFrame } from './frame-encoder.js';

/**
 * Joins the frames of one write. Connections that were sent the same messages write the same bytes, one after the other:
 * so the last result is kept for as long as the turn lasts.
 */
export class FrameJoiner {
  private frames: readonly EncodedFrame[] = [];
  private bytes: Buffer = Buffer.alloc(0);

  join(frames: readonly EncodedFrame[]): Buffer {
    if (frames.length === 1) return joinedBytes(frames);
    if (this.frames.length === 0) setImmediate(() => this.forget());
    if (!areSame(frames, this.frames)) {
      this.frames = frames;
      this.bytes = joinedBytes(frames);
    }
    return this.bytes;
  }

  private forget(): void {
    this.frames = [];
    this.bytes = Buffer.alloc(0);
  }
}

/** Whether the frames have the same bytes: messages are encoded once, so these are the same buffers. */
function areSame(a: readonly EncodedFrame[], b: readonly EncodedFrame[]): boolean {
  return a.length === b.length && a.every(({ bytes }, index) => bytes === b[index]?.bytes);
}

function joinedBytes(frames: readonly EncodedFrame[]): Buffer {
  const [first] = frames;
  return frames.length === 1 && first ? first.bytes : Buffer.concat(frames.map(({ bytes }) => bytes));
}
