import type { Browser, CDPSession } from 'playwright-core';
import { PAGE_PATH } from './page-files.js';

/** What a protocol call answers; callers know which they made. */
type Answer = Record<string, unknown>;

interface Reply {
  readonly id?: number;
  readonly result?: Answer;
  readonly error?: { readonly message: string };
}

interface Evaluation {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Start, length and time on the processor in it, in microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** `window` of the page, in functions that run there. */
type Scope<Argument, Result> = (argument: Argument) => Result | Promise<Result>;

/**
 * A tab with the page that Playwright knows nothing of. In its own tabs it is told of every message by the network's
 * instruments, which costs the page more than the message does, and nobody but a tester has that.
 */
export class UnwatchedTab {
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private lastId = 0;

  private constructor(
    private readonly root: CDPSession,
    private readonly browserContextId: string,
    private readonly sessionId: string,
  ) {
    root.on('Target.receivedMessageFromTarget', (event) => {
      if (event.sessionId !== sessionId) return;
      const reply = JSON.parse(event.message) as Reply;
      if (reply.id !== undefined) this.waiting.get(reply.id)?.(reply);
    });
  }

  /** Opens the page that is served at `origin`; `prepare` runs in it before anything else does. */
  static async open(browser: Browser, origin: string, prepare: () => void = () => undefined): Promise<UnwatchedTab> {
    const root = await browser.newBrowserCDPSession();
    const { browserContextId } = await root.send('Target.createBrowserContext', {});
    const { targetId } = await root.send('Target.createTarget', { url: 'about:blank', browserContextId });
    const { sessionId } = await root.send('Target.attachToTarget', { targetId, flatten: false });
    const tab = new UnwatchedTab(root, browserContextId, sessionId);
    await tab.send('Page.enable');
    await tab.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${prepare.toString()})()` });
    await tab.send('Page.navigate', { url: origin + PAGE_PATH });
    await tab.waitUntil(() => 'sse' in globalThis, undefined);
    return tab;
  }

  /** Calls the DevTools protocol of this tab. */
  async send<T = Answer>(method: string, params: object = {}): Promise<T> {
    const id = ++this.lastId;
    const { promise, resolve } = Promise.withResolvers<Reply>();
    this.waiting.set(id, resolve);
    const message = JSON.stringify({ id, method, params });
    await this.root.send('Target.sendMessageToTarget', { sessionId: this.sessionId, message });
    const { result, error } = await promise;
    this.waiting.delete(id);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result as T;
  }

  /** Runs a function in the page. */
  async evaluate<Argument, Result>(run: Scope<Argument, Result>, argument: Argument): Promise<Result> {
    const expression = `(${run.toString()})(${JSON.stringify(argument)})`;
    const params = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.send<Evaluation>('Runtime.evaluate', params);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as Result;
  }

  /** Resolves once a function says so in the page; it is asked again every 20 ms there. */
  async waitUntil<Argument>(isTrue: Scope<Argument, boolean>, argument: Argument): Promise<void> {
    const poll = `async (argument) => {
      const isTrue = ${isTrue.toString()};
      while (!(await isTrue(argument))) await new Promise((resolve) => setTimeout(resolve, 20));
    }`;
    const expression = `(${poll})(${JSON.stringify(argument)})`;
    const { exceptionDetails } = await this.send<Evaluation>('Runtime.evaluate', { expression, awaitPromise: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }

  /** How many objects of a class something still holds: `EventSource`, for example. */
  async countObjects(className: string): Promise<number> {
    type Remote = { readonly result: { readonly objectId: string; readonly value?: number } };
    const expression = `${className}.prototype`;
    const { result: prototype } = await this.send<Remote>('Runtime.evaluate', { expression });
    const found = await this.send<{ objects: { objectId: string } }>('Runtime.queryObjects', {
      prototypeObjectId: prototype.objectId,
    });
    const count = await this.send<Remote>('Runtime.callFunctionOn', {
      objectId: found.objects.objectId,
      functionDeclaration: 'function () { return this.length; }',
      returnByValue: true,
    });
    for (const { objectId } of [prototype, found.objects]) await this.send('Runtime.releaseObject', { objectId });
    return count.result.value ?? 0;
  }

  /** How many listeners a global object has, by type. */
  async countListeners(global: 'window' | 'document'): Promise<Record<string, number>> {
    const { result } = await this.send<{ result: { objectId: string } }>('Runtime.evaluate', { expression: global });
    const { listeners } = await this.send<{ listeners: { type: string }[] }>('DOMDebugger.getEventListeners', {
      objectId: result.objectId,
    });
    await this.send('Runtime.releaseObject', { objectId: result.objectId });
    const counts: Record<string, number> = {};
    for (const { type } of listeners) counts[type] = (counts[type] ?? 0) + 1;
    return counts;
  }

  /** Bytes of the page's JavaScript that something still holds. */
  async measureHeap(): Promise<number> {
    // What a first collection finalises, a second one frees.
    for (let times = 0; times < 2; times += 1) await this.send('HeapProfiler.collectGarbage');
    return (await this.send<{ usedSize: number }>('Runtime.getHeapUsage')).usedSize;
  }

  /**
   * Milliseconds on the processor of each task of the page's main thread while `act` runs, with the microtasks after it, longest
   * first. Unlike the time on the clock, that tells what the page did, and not what else the machine was doing.
   */
  async traceTasks(act: () => Promise<void>): Promise<number[]> {
    const events: TraceEvent[] = [];
    const collect = ({ value }: { value: object[] }) => events.push(...(value as TraceEvent[]));
    this.root.on('Tracing.dataCollected', collect);
    await this.root.send('Tracing.start', { traceConfig: { includedCategories: ['toplevel'] } });
    await act();
    const complete = new Promise((resolve) => this.root.once('Tracing.tracingComplete', resolve));
    await this.root.send('Tracing.end');
    await complete;
    this.root.off('Tracing.dataCollected', collect);
    const { processId } = await this.findProcess();
    return tasksOf(events.filter(({ pid }) => pid === processId));
  }

  async close(): Promise<void> {
    await this.root.send('Target.disposeBrowserContext', { browserContextId: this.browserContextId });
    await this.root.detach();
  }

  /** The renderer that spent most: of the few there are, the others show nothing. */
  private async findProcess(): Promise<{ processId: number }> {
    const { processInfo } = await this.root.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer');
    const busiest = renderers.reduce((most, each) => (each.cpuTime > most.cpuTime ? each : most));
    return { processId: busiest.id };
  }
}

const MICROTASKS = 'BlinkScheduler_PerformMicrotaskCheckpoint';

function tasksOf(events: readonly TraceEvent[]): number[] {
  const main = events.find(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')?.tid;
  const slices = events
    .filter(({ ph, tid, name }) => ph === 'X' && tid === main && (name === MICROTASKS || name.endsWith('RunTask')))
    .sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  const tasks: number[] = [];
  let end = 0;
  for (const { name, ts, dur = 0, tdur = dur } of slices) {
    if (ts < end) continue; // a part of the one before
    end = ts + dur;
    const previous = tasks.length - 1;
    if (name === MICROTASKS && previous >= 0) tasks[previous] = (tasks[previous] ?? 0) + tdur / 1_000;
    else tasks.push(tdur / 1_000);
  }
  return tasks.sort((a, b) => b - a);
}
