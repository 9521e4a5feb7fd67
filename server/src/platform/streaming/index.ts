export { createRunsOptions } from './runs-options.js';
export { createSseOptions } from './sse-options.js';
export { streamCors } from './stream-cors.js';
