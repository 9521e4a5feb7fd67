export * from './control-events.js';
export * from './cursor.js';
export * from './frame.js';
export * from './message.js';
export * from './page.js';
export * from './run-events.js';
