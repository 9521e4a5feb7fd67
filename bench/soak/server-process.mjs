/** The server in its own process, and what it can be asked. */
import { fork } from 'node:child_process';
import { join } from 'node:path';

export class ServerProcess {
  #child = fork(join(import.meta.dirname, 'soak-server.mjs'), {
    execArgv: ['--expose-gc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  #waiting = new Map();
  #lastId = 0;
  /** Rejects when the process ends by itself. */
  #ended = new Promise((_, reject) => {
    this.#child.once('exit', (code, signal) => reject(new Error(`the server ended with ${code ?? signal}`)));
  });

  constructor() {
    this.#ended.catch(() => undefined);
    this.#child.on('message', ({ id, answer }) => {
      this.#waiting.get(id)(answer);
      this.#waiting.delete(id);
    });
  }

  /** Asks for something of `soak-server.mjs`; resolves with the answer. */
  ask(what, args = {}) {
    const id = (this.#lastId += 1);
    const answer = new Promise((resolve) => this.#waiting.set(id, resolve));
    this.#child.send({ id, ask: what, ...args });
    return Promise.race([answer, this.#ended]);
  }

  stop() {
    this.#child.kill('SIGKILL');
  }
}
