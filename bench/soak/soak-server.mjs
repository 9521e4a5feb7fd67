/** The server's process: it runs the app, publishes, restarts the app within itself, and measures itself. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SseConnections } from '@throughline/nest-sse';
import { publish, SoakState, startApp } from './soak-app.mjs';

const NEWS_PER_HEAVY = 4;
/** How long connections may take to be over once their clients are gone; whatever is left then has leaked. */
const REST_TIMEOUT_MS = 15_000;

const state = new SoakState();
let app;
let port = 0;
let numbers = { news: 0, heavy: 0 };
let isPublishing = false;
let publishing = Promise.resolve();

async function start() {
  numbers = { news: 0, heavy: 0 };
  app = await startApp(state, port);
  ({ port } = app.getHttpServer().address());
  return port;
}

async function publishOn() {
  const isOver = () => !isPublishing;
  for (let turn = 0; !isOver(); turn += 1) {
    await publish(app, 'news', (numbers.news += 1));
    if (turn % NEWS_PER_HEAVY === 0) await publish(app, 'heavy', (numbers.heavy += 1));
    if (turn % 20 === 0) state.beginRun(50 + (turn % 150));
    await state.advanceRuns();
    await sleep(15);
  }
}

/** What is there when nothing happens; `counts` are of all time. */
function measure() {
  for (let n = 0; n < 4; n += 1) globalThis.gc();
  const kinds = {};
  for (const kind of process.getActiveResourcesInfo()) kinds[kind] = (kinds[kind] ?? 0) + 1;
  const server = app.getHttpServer();
  const emitters = { process, server };
  const listeners = Object.entries(emitters).flatMap(([name, emitter]) =>
    emitter.eventNames().map((event) => [`${name} ${String(event)}`, emitter.listenerCount(event)]),
  );
  const { heapUsed, external } = process.memoryUsage();
  return {
    heap: heapUsed + external,
    kinds,
    listeners: Object.fromEntries(listeners),
    connections: app.get(SseConnections).list().length,
    subscriptions: state.subscriptions,
    hintListeners: state.listeners,
    counts: { ...state.counts },
    ends: { ...state.ends },
  };
}

const asks = {
  start,
  async publish() {
    isPublishing = true;
    publishing = publishOn();
  },
  async rest() {
    isPublishing = false;
    await publishing;
    const deadline = performance.now() + REST_TIMEOUT_MS;
    while (state.counts.opened > state.counts.closed && performance.now() < deadline) await sleep(20);
    state.runs.clear();
    // What Node keeps for a while after a connection is gone.
    await sleep(1500);
    return measure();
  },
  async restart() {
    isPublishing = false;
    await publishing;
    const began = performance.now();
    await app.close();
    const closeMs = performance.now() - began;
    await start();
    await asks.publish();
    return closeMs;
  },
  signOut: ({ session }) => app.get(SseConnections).closeWhere((it) => it.session === session, 'revoked'),
  closeSome: ({ share }) => app.get(SseConnections).closeWhere(() => Math.random() < share, 'overloaded'),
  runs: () => [...state.runs.keys()],
};

process.on('unhandledRejection', (error) => {
  throw error;
});
process.on('message', async ({ id, ask, ...args }) => {
  process.send({ id, answer: await asks[ask](args) });
});
