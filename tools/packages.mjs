/** What a package needs to be published: publint's rules for what would be packed, and the facts that npm shows of it. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { manifestOf, outputOf, PUBLISHED } from './libraries.mjs';
import { root } from './run.mjs';

const FACTS = ['description', 'keywords', 'license', 'exports', 'sideEffects', 'type', 'version'];
/** Of what runs on Node, and is packed from a folder that holds more. */
const FACTS_OF_NODE = ['engines', 'files'];

async function faultsOf(library) {
  const folder = outputOf(library);
  const manifest = await manifestOf(library);
  const expected = folder.endsWith('dist') ? FACTS : [...FACTS, ...FACTS_OF_NODE];
  const faults = expected.filter((fact) => manifest[fact] === undefined).map((fact) => `package.json has no ${fact}`);
  if (!existsSync(join(folder, 'README.md'))) faults.push('README.md is missing');
  const licences = [root, folder].map((place) => readFile(join(place, 'LICENSE'), 'utf8').catch(() => undefined));
  const [ours, packed] = await Promise.all(licences);
  if (packed !== ours) faults.push('LICENSE is not a copy of the one at the root');
  for (const peer of Object.keys(manifest.peerDependenciesMeta ?? {})) {
    if (!manifest.peerDependencies?.[peer]) faults.push(`the optional peer ${peer} has no range`);
  }
  const { messages, pkg } = await publint({ pkgDir: folder, level: 'suggestion', strict: true, pack: 'npm' });
  return [...faults, ...messages.map((message) => formatMessage(message, pkg, { color: false }))];
}

const all = await Promise.all(
  PUBLISHED.map(async (library) => (await faultsOf(library)).map((fault) => `libs/${library}: ${fault}`)),
);
const faults = all.flat();
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.exit(faults.length === 0 ? 0 : 1);
