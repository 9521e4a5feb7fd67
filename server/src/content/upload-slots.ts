import { ProblemException } from '../platform/http/index.js';

/** Files are held in memory while they are read: so many at a time, of one user and in all. */
const PER_USER = 2;
const IN_ALL = 8;
const RETRY_AFTER_S = 5;

/** Limits how many uploads are under way. */
export class UploadSlots {
  private readonly taken = new Map<string, number>();
  private total = 0;

  /** Takes a slot; answers with what gives it back, once. Throws a 429 problem where there is none. */
  take(userId: string): () => void {
    const mine = this.taken.get(userId) ?? 0;
    if (mine >= PER_USER || this.total >= IN_ALL) {
      throw new ProblemException(429, 'too_many_uploads', 'Other files are still being read. Try again in a moment.', {
        headers: { 'Retry-After': String(RETRY_AFTER_S) },
      });
    }
    this.taken.set(userId, mine + 1);
    this.total += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.total -= 1;
      const left = (this.taken.get(userId) ?? 1) - 1;
      if (left === 0) this.taken.delete(userId);
      else this.taken.set(userId, left);
    };
  }
}
