/**
 * Runs in a process of its own: `node build-data-folder.js FOLDER`. `initdb` in WebAssembly takes several hundred MB that a
 * long-lived process would never give back.
 */
import { PGlite } from '@electric-sql/pglite';
import { startParams } from './embedded-options.js';

const folder = process.argv[2];
if (folder === undefined) throw new Error('Name the folder to build.');
const pglite = await PGlite.create(folder, { startParams });
await pglite.close();
