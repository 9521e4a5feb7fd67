export * from './definition/run-definition.js';
export { RunHandler } from './definition/run-handler.decorator.js';
export * from './run-clock.js';
export * from './run-errors.js';
export * from './run-snapshot.js';
export type { RunsOptions, RunsQueueOptions } from './runs-options.js';
export * from './signals/in-process-signals.js';
export type { RunSignals } from './signals/run-signals.js';
