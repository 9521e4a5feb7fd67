/** The servers under test, each in its own process. */
import { join } from 'node:path';
import { cpuSeconds, endProcess, residentBytes, startPinned } from './processes.mjs';

/** The servers by the names that `--peers` takes. */
export const PEERS = {
  ours: { title: '@throughline/nest-sse', file: '../server/run.mjs' },
  bare: { title: 'bare node:http', file: 'peer-bare.mjs' },
  stock: { title: 'Nest @Sse()', file: 'peer-stock.mjs' },
  'better-sse': { title: 'better-sse', file: 'peer-better-sse.mjs' },
};

/**
 * For all alike. V8 lets the young generation grow with the machine's memory; 16 MiB, its bound for years, costs nothing
 * that shows here, and leaves in the figures of memory what a server holds rather than what V8 found room for.
 */
const NODE_ARGS = ['--expose-gc', '--max-semi-space-size=16'];

/** One of the servers under test. */
export class BenchServer {
  #child;
  #url;

  constructor(child, url) {
    this.#child = child;
    this.#url = url;
  }

  /** Starts a peer; resolves when it takes requests. */
  static async start(peer, { core, args = [] }) {
    const file = join(import.meta.dirname, PEERS[peer].file);
    const stdio = ['ignore', 'pipe', 'inherit'];
    const child = startPinned(file, { core, args, nodeArgs: NODE_ARGS, stdio });
    const url = await new Promise((resolve, reject) => {
      let output = '';
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the server of ${peer} ended with ${code}`)));
      child.stdout.on('data', (chunk) => {
        output += chunk;
        const ready = /ready on (\S+)/.exec(output);
        if (ready) resolve(ready[1]);
      });
    });
    return new BenchServer(child, url);
  }

  get port() {
    return Number(new URL(this.#url).port);
  }

  /** @returns {Promise<{ published: number, lastId: string, durationMs: number }>} */
  publish({ count, size, paceMs = 0 }) {
    return this.#ask(`/publish?n=${count}&size=${size}&pace=${paceMs}`, 'POST');
  }

  /** @param {string} [query] `gc=1`, `reset=1` */
  stats(query = '') {
    return this.#ask(`/stats?${query}`, 'GET');
  }

  cpuSeconds() {
    return cpuSeconds(this.#child.pid);
  }

  residentBytes() {
    return residentBytes(this.#child.pid);
  }

  /** After garbage was collected: resident memory and what of it the program uses. */
  async settledMemory() {
    const { heapUsed, external } = await this.stats('gc=1');
    return { resident: await this.residentBytes(), used: heapUsed + external };
  }

  stop() {
    return endProcess(this.#child);
  }

  async #ask(path, method) {
    // A socket of its own each time: none is left over to be counted as a connection.
    const response = await fetch(this.#url + path, { method, headers: { connection: 'close' } });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer;
  }
}
