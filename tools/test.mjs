/** `npm test`: builds what has changed (servers and worker threads run what was built), then runs every suite. */
import { buildIfNeeded } from './build.mjs';
import { run } from './run.mjs';

await buildIfNeeded();
const flags = '--experimental-vm-modules --disable-warning=ExperimentalWarning';
const { code } = await run('jest', ['--maxWorkers=2', ...process.argv.slice(2)], {
  env: { NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${flags}`.trim() },
});
process.exit(code);
