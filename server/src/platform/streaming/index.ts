export { streamCors } from './stream-cors.js';
export { StreamingModule } from './streaming.module.js';
