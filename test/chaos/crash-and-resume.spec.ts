import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ReceivedFrame, SseTestClient } from '@throughline/nest-sse/testing';
import { isControlEvent } from '@throughline/sse-protocol';
import type { RunSnapshot, StrategyDocument } from '@throughline/strategy-contract';
import { ApiClient } from '../support/api-client.js';
import { ServerProcess } from '../support/server-process.js';

const TEST_TIMEOUT_MS = 180_000;

/** What a person's page sees: the messages of one run over as many connections as it takes. */
class PatientReader {
  readonly seen: ReceivedFrame[] = [];
  private stream: SseTestClient | undefined;

  constructor(
    private readonly client: ApiClient,
    private readonly runId: string,
  ) {}

  get lastEventId(): string {
    return this.seen.at(-1)?.id ?? '';
  }

  get ids(): number[] {
    return this.seen.map(({ id }) => Number(id));
  }

  async connect(): Promise<void> {
    this.stream = await this.client.stream(`/runs/${this.runId}/events`, {
      ...(this.lastEventId === '' ? {} : { lastEventId: this.lastEventId }),
      timeoutMs: 60_000,
    });
  }

  /** Reads on until a message is what the caller waits for, or the stream ends. */
  async readUntil(isWanted: (frame: ReceivedFrame) => boolean): Promise<void> {
    const stream = this.stream!;
    const frames = await stream.until((frame) => isWanted(frame) || frame.event === 'stream.close');
    this.seen.push(...frames.filter(({ event }) => !isControlEvent(event)));
  }

  /** Drops the connection, with whatever was on its way. */
  async drop(): Promise<void> {
    await this.stream?.close();
  }
}

const isProgress = (stepId: string, stepStatus: string) => (frame: ReceivedFrame) =>
  frame.event === 'progress' && frame.data.stepId === stepId && frame.data.stepStatus === stepStatus;

describe('a server that is killed in the middle of a run', () => {
  let server: ServerProcess | undefined;

  afterEach(async () => {
    await server?.dispose();
  });

  it(
    'goes on after its restart, and a client that was dropped twice sees events 1..n, each once',
    async () => {
      server = await ServerProcess.start();
      const client = await ApiClient.signIn(server.url);
      const run = await client.startRun(await client.addSample());
      const reader = new PatientReader(client, run.id);

      await reader.connect();
      await reader.readUntil(isProgress('context', 'finished'));
      await reader.drop();

      await reader.connect();
      await reader.readUntil(isProgress('topics', 'started'));
      await server.kill();
      await reader.drop();

      await server.start();
      await reader.connect();
      await reader.readUntil(isProgress('calendar', 'finished'));
      await reader.drop();

      await reader.connect();
      await reader.readUntil(({ event }) => event === 'complete');
      await reader.drop();

      expect(reader.ids).toEqual(reader.seen.map((_, index) => index + 1));
      const log = await client.readLog(run.id);
      expect(reader.seen.map(({ event, id, data }) => ({ event, id, data }))).toEqual(log);
      expect(log.filter(({ event }) => event === 'complete')).toHaveLength(1);
      const cards = log
        .filter(({ event }) => event === 'educational')
        .map(({ data }) => (data as { stepId: string }).stepId);
      expect(new Set(cards).size).toBe(cards.length);

      const { body: snapshot } = await client.get<RunSnapshot>(`/runs/${run.id}`);
      expect(['succeeded', 'succeeded_with_gaps']).toContain(snapshot.status);
      const { body: document } = await client.get<StrategyDocument>(
        `/strategies/${run.strategyId}/versions/${snapshot.version}`,
      );
      expect(document.topics.findings.length).toBeGreaterThan(0);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'is drained by SIGTERM: the stream is told so, and the run goes on after the restart',
    async () => {
      server = await ServerProcess.start();
      const client = await ApiClient.signIn(server.url);
      const run = await client.startRun(await client.addSample());
      const reader = new PatientReader(client, run.id);

      await reader.connect();
      await reader.readUntil(isProgress('topics', 'started'));
      const closing = reader.readUntil(({ event }) => event === 'stream.close');
      await server.stop();
      await closing;

      await server.start();
      await reader.connect();
      await reader.readUntil(({ event }) => event === 'complete');
      await reader.drop();
      expect(reader.ids).toEqual(reader.seen.map((_, index) => index + 1));
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'stops within seconds, whoever is connected and says nothing',
    async () => {
      server = await ServerProcess.start();
      const silent = connect(server.port, '127.0.0.1').resume();
      const half = connect(server.port, '127.0.0.1').resume();
      await Promise.all([once(silent, 'connect'), once(half, 'connect')]);
      // That the server cuts them is what is wanted.
      for (const socket of [silent, half]) socket.on('error', () => undefined);
      half.write('POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
      const asked = Date.now();
      await server.stop();
      expect(Date.now() - asked).toBeLessThan(10_000);
      silent.destroy();
      half.destroy();
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'refuses a second process on the same data folder and names the first',
    async () => {
      server = await ServerProcess.start();
      const { stderr, code } = await server.startAnother();
      expect(code).toBe(1);
      expect(stderr).toContain(`process ${server.pid}`);
      expect(stderr).not.toContain('    at ');
      expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    },
    TEST_TIMEOUT_MS,
  );
});
