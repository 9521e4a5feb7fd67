export * from './log-faults.js';
export * from './databases.js';
export * from './manual-clock.js';
export { PostgresServer } from './postgres-server.js';
