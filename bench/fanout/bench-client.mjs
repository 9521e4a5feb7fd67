/** The load client, in its own process; see `LoadGroup` for what each command does. */
import { once } from 'node:events';
import { join } from 'node:path';
import { cpuSeconds, endProcess, startPinned } from './processes.mjs';

export class BenchClient {
  #child;
  #ended;

  /** @param {{ core: number }} where */
  constructor({ core }) {
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc'];
    this.#child = startPinned(join(import.meta.dirname, 'load-client.mjs'), { core, stdio });
    this.#ended = once(this.#child, 'exit').then(([code]) => [{ error: `the load client ended with ${code}` }]);
  }

  open(plan) {
    return this.#ask('open', plan);
  }

  expect(plan) {
    return this.#ask('expect', plan);
  }

  reset() {
    return this.#ask('reset');
  }

  pause() {
    return this.#ask('pause');
  }

  resume() {
    return this.#ask('resume');
  }

  close() {
    return this.#ask('close');
  }

  cpuSeconds() {
    return cpuSeconds(this.#child.pid);
  }

  stop() {
    return endProcess(this.#child);
  }

  async #ask(command, plan) {
    this.#child.send({ command, plan });
    const [{ answer, error }] = await Promise.race([once(this.#child, 'message'), this.#ended]);
    if (error !== undefined) throw new Error(error);
    return answer;
  }
}
