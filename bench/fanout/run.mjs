/**
 * `npm run bench:fanout [-- --case paced|burst|idle|reconnect|stalled|scale|all] [--connections 2000] [--rounds 3]
 * [--peers ours,bare,stock,better-sse] [--json FILE]`: what `@throughline/nest-sse` costs and takes, side by side with
 * others in one run. See `bench/README.md` for the method and the other flags.
 */
import { cpus } from 'node:os';
import { spawnSync } from 'node:child_process';
import { compareFanOut } from './fan-out.mjs';
import { compareIdle } from './idle.mjs';
import { mostConnections, readOptions } from './options.mjs';
import { openFilesLimit } from './processes.mjs';
import { measureReconnect } from './reconnect.mjs';
import { printCase, writeReport } from './report.mjs';
import { measureScale } from './scale.mjs';
import { measureStalled } from './stalled.mjs';

/** Files that a process has open besides its sockets, with room to spare. */
const OTHER_FILES = 200;

const RUN = {
  paced: (options) => compareFanOut('paced', options),
  burst: (options) => compareFanOut('burst', options),
  idle: compareIdle,
  reconnect: measureReconnect,
  stalled: measureStalled,
  scale: measureScale,
};

/** Throws where this machine cannot do what is asked, with what to do about it. */
async function checkMachine(options) {
  for (const [what, core] of Object.entries(options.cores)) {
    if (spawnSync('taskset', ['-c', String(core), 'true']).status === 0) continue;
    throw new Error(
      `The ${what} is to run on core ${core} of ${cpus().length}, alone: that takes taskset (util-linux) and a machine ` +
        'that has the core; see --server-core and --client-core.',
    );
  }
  const needed = mostConnections(options) + OTHER_FILES;
  const limit = await openFilesLimit();
  if (limit < needed) {
    throw new Error(
      `A process may open ${limit} files here, and ${needed} are needed: first, as root, ulimit -Hn ${needed}.`,
    );
  }
}

try {
  const options = readOptions();
  await checkMachine(options);
  const cases = {};
  for (const name of options.cases) {
    cases[name] = await RUN[name](options);
    printCase(cases[name]);
    if (options.json !== undefined) await writeReport(options.json, options, cases);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
