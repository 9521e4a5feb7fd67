/**
 * `npm run check`: format, lint, types, boundaries, dead code, the libraries' public surface and packages. Prints only
 * what is wrong, then one line a guard.
 */
import { run } from './run.mjs';

const guards = [
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['lint', 'oxlint', ['--deny-warnings']],
  ['types', 'tsc', ['-b']],
  ['types of tests', 'tsc', ['-p', 'tsconfig.spec.json']],
  ['Angular package', 'node', ['tools/ngx-package.mjs']],
  ['types of the client', 'ngc', ['-p', 'client/tsconfig.spec.json', '--noEmit']],
  ['boundaries', 'depcruise', ['--config', '.dependency-cruiser.mjs', 'libs', 'server', 'client']],
  ['dead code', 'knip', []],
];
/** These look at what `types` and `Angular package` have built. */
const ofWhatIsBuilt = [
  ['public API', 'node', ['tools/api-reports.mjs']],
  ['packages', 'node', ['tools/packages.mjs']],
];

const start = async ([name, command, args]) => ({ name, ...(await run(command, args, { quiet: true })) });
const first = guards.map(start);
const built = Promise.all(first.filter((_, index) => ['types', 'Angular package'].includes(guards[index][0])));
const second = ofWhatIsBuilt.map(async (guard) => {
  await built;
  return start(guard);
});
const results = await Promise.all([...first, ...second]);
for (const { name, code, output } of results) {
  if (code !== 0) process.stdout.write(`\n— ${name} —\n${output}\n`);
}
process.stdout.write('\n');
for (const { name, code } of results) process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}\n`);
const failed = results.filter(({ code }) => code !== 0).length;
process.stdout.write(`guards: ${results.length - failed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
