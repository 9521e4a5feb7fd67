import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './run.mjs';

/** The folders in `libs` that are published as `tsc` builds them. `ngx-sse` is compiled by Angular, within the client. */
export const PUBLISHED = ['sse-protocol', 'nest-sse', 'nest-runs', 'strategy-contract', 'content-planner'];

export const folderOf = (library) => join(root, 'libs', library);

/** What the library's package.json says. */
export const manifestOf = async (library) =>
  JSON.parse(await readFile(join(folderOf(library), 'package.json'), 'utf8'));

/** What others may import: `{ subpath, file }`, the file without its ending, relative to the library's folder. */
export function entriesOf({ exports }) {
  return Object.entries(exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([subpath, { default: file }]) => ({ subpath, file: file.replace(/\.js$/, '') }));
}
