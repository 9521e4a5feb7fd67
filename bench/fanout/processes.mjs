/** Processes of one core each, and what the operating system says of them. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** `/proc` counts processor time in these, whatever the kernel's own tick (USER_HZ). */
const TICKS_PER_SECOND = 100;

/**
 * Starts a Node program on one core. Its helper threads (garbage collection) share that core, and count.
 *
 * @param {string} file
 * @param {{ core: number, args?: string[], nodeArgs?: string[], stdio: import('node:child_process').StdioOptions }} how
 */
export function startPinned(file, { core, args = [], nodeArgs = [], stdio }) {
  // taskset becomes Node: the process id is the program's, and its IPC channel too.
  return spawn('taskset', ['-c', String(core), process.execPath, ...nodeArgs, file, ...args], {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio,
  });
}

/** Processor time of all threads, user and system, in seconds. */
export async function cpuSeconds(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name, in parentheses, may contain spaces; the fields after it are counted from the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory, in bytes. */
export async function residentBytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) * 1024;
}

/** How many files a process may open; Node takes all that the hard limit allows. */
export async function openFilesLimit() {
  const limits = await readFile('/proc/self/limits', 'utf8');
  const [, hard] = /^Max open files\s+\S+\s+(\S+)/m.exec(limits);
  return hard === 'unlimited' ? Infinity : Number(hard);
}

/** Ends a process and waits until it is gone. */
export async function endProcess(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGKILL');
  });
}
