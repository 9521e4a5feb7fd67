import type { MessagePort } from 'node:worker_threads';
import type { WorkerTask } from './worker-task.js';

interface Job {
  task: string;
  input: unknown;
  reports?: MessagePort;
}

/** What each worker thread runs: loads the task's module and hands it the input. */
export default async function runJob({ task, input, reports }: Job): Promise<unknown> {
  const module = (await import(task)) as { default: WorkerTask<unknown, unknown> };
  try {
    return await module.default(input, (report) => reports?.postMessage(report));
  } finally {
    reports?.close();
  }
}
