import { MessageChannel } from 'node:worker_threads';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import type { TaskReport } from './worker-task.js';

/** How a task is run. */
export interface TaskOptions {
  /** Ends the worker thread at once, whatever it is doing. */
  signal?: AbortSignal;
  onReport?: (report: TaskReport) => void;
}

/** Heap of one worker thread, in MiB: an import or a plan beyond it fails alone, not the server. */
const HEAP_LIMIT_MB = 2048;

/**
 * Room for the new objects of one worker thread, in MiB. By default it grows to some 100 MB, which an import of the largest
 * file takes on top of what it keeps; held small, the same import takes a third less memory and the same time.
 */
const YOUNG_HEAP_LIMIT_MB = 16;

/** Threads kept idle this long, so that the steps of one run share a warm one. */
const IDLE_TIMEOUT_MS = 30_000;

/** Worker threads load compiled modules only: from TypeScript sources (under Jest) the built twin is taken. */
function toCompiled(module: URL): string {
  return module.href.replace(/\/server\/src\/(.+)\.[jt]s$/, '/server/dist/src/$1.js');
}

/** Runs work that would hold up the event loop in worker threads. */
@Injectable()
export class WorkerPool implements OnApplicationShutdown {
  private readonly pool = new Piscina({
    filename: toCompiled(new URL('./worker-entry.js', import.meta.url)),
    minThreads: 0,
    maxThreads: 2,
    idleTimeout: IDLE_TIMEOUT_MS,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB, maxYoungGenerationSizeMb: YOUNG_HEAP_LIMIT_MB },
  });

  /**
   * Runs a task module (its default export is a {@link WorkerTask}) by its address, made where the task lives:
   * `new URL('./import-content.task.js', import.meta.url)`. Rejects with the task's error, or an `AbortError`.
   */
  async run<T>(task: URL, input: unknown, { signal, onReport }: TaskOptions = {}): Promise<T> {
    signal?.throwIfAborted();
    const job = { task: toCompiled(task), input };
    if (onReport === undefined) return this.pool.run(job, { signal: signal ?? null }) as Promise<T>;
    const { port1, port2 } = new MessageChannel();
    port1.on('message', onReport);
    try {
      const options = { signal: signal ?? null, transferList: [port2] };
      return (await this.pool.run({ ...job, reports: port2 }, options)) as T;
    } finally {
      port1.close();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.destroy();
  }
}
