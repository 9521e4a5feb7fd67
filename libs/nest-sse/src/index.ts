export * from './log/event-log.js';
export * from './log/memory-event-log.js';
