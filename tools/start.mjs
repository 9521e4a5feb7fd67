/** `npm start`: builds what has changed, then serves. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { buildIfNeeded } from './build.mjs';
import { root } from './run.mjs';

process.env.NODE_ENV ??= 'production';
// A third of a warm start is the compiling of modules that have not changed.
enableCompileCache(join(root, '.cache', 'compiled'));
await buildIfNeeded();
await import('../server/dist/src/main.js');
