import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './run.mjs';

/** The folders in `libs` that are published. */
export const PUBLISHED = ['sse-protocol', 'nest-sse', 'nest-runs', 'strategy-contract', 'content-planner', 'ngx-sse'];
/** Of these, those that Angular compiles: what is published is their `dist`, with a package.json of its own. */
const OF_ANGULAR = new Set(['ngx-sse']);

export const folderOf = (library) => join(root, 'libs', library);

/** The folder that is packed. */
export const outputOf = (library) => (OF_ANGULAR.has(library) ? join(folderOf(library), 'dist') : folderOf(library));

/** What the package.json of the packed library says. */
export const manifestOf = async (library) =>
  JSON.parse(await readFile(join(outputOf(library), 'package.json'), 'utf8'));

/** What others may import: `{ subpath, file, types }`, relative to what is packed; the file without its ending. */
export function entriesOf({ exports }) {
  return Object.entries(exports)
    .filter(([, target]) => typeof target === 'object' && target.types !== undefined)
    .map(([subpath, { default: file, types }]) => ({ subpath, file: file.replace(/\.m?js$/, ''), types }));
}
