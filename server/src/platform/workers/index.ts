export { WorkerPool } from './worker-pool.js';
export { WorkersModule } from './workers.module.js';
export type { WorkerTask } from './worker-task.js';
