import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

const main = join(import.meta.dirname, '../../server/dist/src/main.js');
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;

/** The first account of every server under test. */
export const ADMIN = { email: 'admin@example.org', password: 'correct horse battery' };

async function takeFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

/** The real server in a process of its own, that a test kills and starts again on the same port and data. */
export class ServerProcess {
  /** All that it printed, over all its lives. */
  output = '';
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    readonly dataDir: string,
    private readonly env: Record<string, string>,
  ) {}

  /** Starts a server on a free port with data in a new folder. */
  static async start(env: Record<string, string> = {}): Promise<ServerProcess> {
    const dataDir = await mkdtemp(join(tmpdir(), 'throughline-test-'));
    const server = new ServerProcess(await takeFreePort(), dataDir, env);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    const pid = this.child?.pid;
    if (pid === undefined) throw new Error('The server is not running.');
    return pid;
  }

  /** Starts it again, on the same port and data. Resolves when it takes requests. */
  async start(): Promise<void> {
    const child = this.spawn(this.port);
    this.child = child;
    const from = this.output.length;
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`The server ${why}. It printed:\n${this.output.slice(from)}`));
      const timer = setTimeout(() => fail('was not ready in time'), START_TIMEOUT_MS);
      const take = (chunk: Buffer) => {
        this.output += chunk.toString();
        if (!this.output.includes('Throughline is ready on', from)) return;
        clearTimeout(timer);
        resolve();
      };
      child.stdout.on('data', take);
      child.stderr.on('data', take);
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        fail(`ended with ${signal ?? `exit code ${code}`}`);
      });
    });
  }

  /** Ends it at once, as a crash would. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** Asks it to end, as an operator would. */
  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  /** Stops it and removes its data. */
  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** Starts a second process on the same data, which must not live: resolves with what it said when it ended. */
  async startAnother(): Promise<{ code: number | null; stderr: string }> {
    const child = this.spawn(0);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stderr };
  }

  private spawn(port: number): ChildProcessByStdio<null, Readable, Readable> {
    return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        PORT: String(port),
        THROUGHLINE_DATA_DIR: this.dataDir,
        THROUGHLINE_ADMIN_EMAIL: ADMIN.email,
        THROUGHLINE_ADMIN_PASSWORD: ADMIN.password,
        ...this.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  }
}
