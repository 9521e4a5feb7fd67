import type { RunSignals } from './run-signals.js';

/** What the signals need of a connected `pg.Client`. */
export interface ListenClient {
  query(text: string, values?: unknown[]): Promise<unknown>;
  on(event: 'notification', listener: (message: { channel: string; payload?: string | undefined }) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  end(): Promise<void>;
}

/** Options of {@link PostgresSignals}. */
export interface PostgresSignalsOptions {
  /** Opens a connection of its own (not one of a pool) and answers when it is connected. */
  connect: () => Promise<ListenClient>;
  /** Default `nest_runs`; lower-case letters, digits and `_`. */
  channel?: string;
  /** Longest pause between tries to connect again, in milliseconds. Default 5000. */
  maxReconnectDelayMs?: number;
  /** A connection that answers nothing for this long is given up, in milliseconds. Default 10 000. */
  heartbeatIntervalMs?: number;
  /** Told when the connection is lost; hints are then late by at most a poll. Default: nothing. */
  onDisconnect?: (error: Error) => void;
}

/**
 * Signals by LISTEN and NOTIFY on one connection of this node, which is opened again whenever it is lost. What was
 * sent meanwhile is lost, and polling makes up for it.
 */
export class PostgresSignals implements RunSignals {
  private readonly channel: string;
  private readonly handlers = new Set<(payload: string) => void>();
  private client: ListenClient | undefined;
  private connecting: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;

  constructor(private readonly options: PostgresSignalsOptions) {
    this.channel = options.channel ?? 'nest_runs';
    if (!/^[a-z_][a-z0-9_]{0,62}$/.test(this.channel)) {
      throw new RangeError(
        `A channel is 1 to 63 lower-case letters, digits or "_", not ${JSON.stringify(this.channel)}.`,
      );
    }
  }

  /** Rejects where there is no connection at the moment. */
  async notify(payloads: readonly string[]): Promise<void> {
    if (!this.client) throw new Error('the connection for notifications is lost and being opened again');
    await this.client.query('select pg_notify($1, payload) from unnest($2::text[]) as payload', [
      this.channel,
      [...payloads],
    ]);
  }

  /** Resolves when the first connection listens; rejects if it can't be opened. */
  async listen(handler: (payload: string) => void): Promise<() => Promise<void>> {
    this.handlers.add(handler);
    try {
      await (this.connecting ??= this.connect());
    } catch (error) {
      this.handlers.delete(handler);
      this.connecting = undefined;
      throw error;
    }
    return async () => {
      this.handlers.delete(handler);
      if (this.handlers.size === 0) await this.disconnect();
    };
  }

  private async connect(): Promise<void> {
    const client = await this.options.connect();
    const lose = (error: Error): void => this.lose(client, error);
    client.on('error', lose);
    client.on('end', () => lose(new Error('the connection was closed')));
    client.on('notification', ({ channel, payload }) => {
      if (channel === this.channel && payload !== undefined) for (const handler of this.handlers) handler(payload);
    });
    try {
      await client.query(`listen ${this.channel}`);
    } catch (error) {
      await client.end();
      throw error;
    }
    this.client = client;
    this.failures = 0;
    this.scheduleHeartbeat(client);
  }

  private lose(client: ListenClient, error: Error): void {
    if (this.client !== client) return;
    this.client = undefined;
    client.end().catch(() => undefined); // it is lost already
    if (this.handlers.size === 0) return;
    this.options.onDisconnect?.(error);
    this.reconnectLater();
  }

  private reconnectLater(): void {
    clearTimeout(this.timer);
    const delayMs = Math.min(100 * 2 ** this.failures, this.options.maxReconnectDelayMs ?? 5000);
    this.failures += 1;
    this.timer = setTimeout(() => {
      if (this.handlers.size === 0) return;
      this.connecting = this.connect();
      this.connecting.catch(() => this.reconnectLater());
    }, delayMs).unref();
  }

  private scheduleHeartbeat(client: ListenClient): void {
    const intervalMs = this.options.heartbeatIntervalMs ?? 10_000;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const late = setTimeout(() => this.lose(client, new Error('the connection does not answer')), intervalMs).unref();
      client.query('select 1').then(
        () => {
          clearTimeout(late);
          if (this.client === client) this.scheduleHeartbeat(client);
        },
        (error: Error) => {
          clearTimeout(late);
          this.lose(client, error);
        },
      );
    }, intervalMs).unref();
  }

  private async disconnect(): Promise<void> {
    clearTimeout(this.timer);
    await this.connecting?.catch(() => undefined); // a connection that never came needs no closing
    const { client } = this;
    this.client = undefined;
    this.connecting = undefined;
    await client?.end();
  }
}
