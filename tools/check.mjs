/** `npm run check`: format, lint, types, boundaries, dead code. Prints only what is wrong, then one line a guard. */
import { run } from './run.mjs';

const guards = [
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['lint', 'oxlint', ['--deny-warnings']],
  ['types', 'tsc', ['-b']],
  ['types of tests', 'tsc', ['-p', 'tsconfig.spec.json']],
  ['types of the client', 'ngc', ['-p', 'client/tsconfig.spec.json', '--noEmit']],
  ['boundaries', 'depcruise', ['--config', '.dependency-cruiser.mjs', 'libs', 'server', 'client']],
  ['dead code', 'knip', []],
];

const results = await Promise.all(
  guards.map(async ([name, command, args]) => ({ name, ...(await run(command, args, { quiet: true })) })),
);
for (const { name, code, output } of results) {
  if (code !== 0) process.stdout.write(`\n— ${name} —\n${output}\n`);
}
process.stdout.write('\n');
for (const { name, code } of results) process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}\n`);
const failed = results.filter(({ code }) => code !== 0).length;
process.stdout.write(`guards: ${results.length - failed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
