export { type TaskReport, type WorkerTask } from './worker-task.js';
export { type TaskOptions, WorkerPool } from './worker-pool.js';
export { WorkersModule } from './workers.module.js';
