/** `npm start`: builds what has changed, then serves. */
import { buildIfNeeded } from './build.mjs';

process.env.NODE_ENV ??= 'production';
await buildIfNeeded();
await import('../server/dist/src/main.js');
