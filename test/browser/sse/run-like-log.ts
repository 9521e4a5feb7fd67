import { MemoryEventLog } from '@throughline/nest-sse';

/** A log like a run's as far as clients can tell: it has a state, so that pages say when it is over. */
export class RunLikeLog extends MemoryEventLog {
  async status(): Promise<string> {
    return (await this.tail()).ended ? 'succeeded' : 'running';
  }

  /** Appends so many messages; their data tells their place in the log, beside text of more bytes than letters. */
  async grow(count: number): Promise<void> {
    const { cursor } = await this.tail();
    const last = Number(cursor.split('-')[1]);
    const added = Array.from({ length: count }, (_, index) => ({
      event: 'progress',
      data: { step: last + index + 1, message: 'écrit ✓' },
    }));
    await this.append(added);
  }
}
