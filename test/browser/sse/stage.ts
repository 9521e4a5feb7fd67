import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { SseOptions } from '@throughline/nest-sse';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.js';
import { FaultProxy } from '../../support/fault-proxy.js';
import type { ConnectionRecord, PageFeatures } from '../../support/sse-page/page-api.js';
import { SsePage } from '../../support/sse-page/sse-page.js';
import { StreamServer } from './stream-server.js';

/** Each transport that streams, and the feature that chooses it. */
export const TRANSPORTS: readonly (readonly [name: string, features: PageFeatures])[] = [
  ['EventSource', {}],
  ['fetch', { fetch: {} }],
];

/** Delays of a person's patience scaled down to a test's, without chance. */
export const QUICK: PageFeatures = {
  reconnect: { initialDelayMs: 40, maxDelayMs: 160, jitter: 0, stableAfterMs: 10_000 },
  liveness: { firstByteTimeoutMs: 2_000, heartbeatFactor: 2.5 },
};

/** A server, a network and somebody who looks at the page. */
class Stage {
  private constructor(
    readonly server: StreamServer,
    readonly network: FaultProxy,
    readonly page: SsePage,
  ) {}

  /** Starts everything; the page comes through the network, too. */
  static async set(browser: Browser, options?: SseOptions): Promise<Stage> {
    const server = await StreamServer.start(options);
    const network = await FaultProxy.start(server.port);
    return new Stage(server, network, await SsePage.open(browser, network.url));
  }

  /** What the page complained of (nothing, in any test), but for what Chromium itself says of an answer that is no stream. */
  get complaints(): string[] {
    return this.page.complaints.filter((text) => !text.startsWith("EventSource's response has a MIME type"));
  }

  /** Ends everything. */
  async clear(): Promise<void> {
    await this.page.page.context().close();
    await this.network.stop();
    await this.server.stop();
  }
}

/** For each test of the file that calls it, a stage of its own in one browser. Answers with what gives the present one. */
export function useStage(options?: SseOptions): () => Stage {
  let browser: Browser;
  let stage: Stage | undefined;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    stage = await Stage.set(browser, options);
  });
  afterEach(async () => {
    const complaints = stage?.complaints;
    await stage?.clear();
    stage = undefined;
    expect(complaints).toEqual([]);
  });
  afterAll(() => browser?.close());
  return () => {
    if (!stage) throw new Error('There is a stage during tests only.');
    return stage;
  };
}

/** The states that a person saw, each with what was wrong: `connecting`, `reconnecting: silent`, `open`. */
export function seenStates({ states }: Pick<ConnectionRecord, 'states'>): string[] {
  const seen = states.map(({ state, error }) => (error === undefined ? state : `${state}: ${error}`));
  return seen.filter((state, index) => state !== seen[index - 1]);
}

/** Ids of what was delivered, in the order of delivery. */
export function seenIds({ messages }: Pick<ConnectionRecord, 'messages'>): string[] {
  return messages.map(({ id }) => id);
}

/** Ids of the first messages of a log. */
export function idsUpTo(count: number, epoch = 'a'): string[] {
  return Array.from({ length: count }, (_, index) => `${epoch}-${index + 1}`);
}
