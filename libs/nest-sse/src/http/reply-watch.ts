import type { ServerResponse } from 'node:http';

/** What Nest's HTTP adapters answer with: Express's response, Fastify's reply. */
type Answering = Record<string, unknown>;

/** Decides what becomes of an answer that Nest is about to send. */
export interface ReplyWatcher {
  /** Whether this body is to be kept from the client. */
  keepsReply(body: unknown): boolean;
  /** Whether an end without a body is, by which Nest's exception filter gives up on an answer that has begun. */
  keepsEnd(): boolean;
}

/**
 * Stands at the one place where Nest answers a request, whatever the adapter: `send()` and `json()` of its reply, and the
 * `end()` of Node's response. It withdraws with the first answer, so that a stream that lasts does not carry it.
 */
export class ReplyWatch {
  /** What ends the response as if nobody watched. */
  readonly originalEnd: ServerResponse['end'];

  private readonly restores: (() => void)[] = [];

  constructor(
    reply: object,
    response: ServerResponse,
    private readonly watcher: ReplyWatcher,
  ) {
    this.originalEnd = response.end;
    this.shadow(reply as Answering, 'send', (body) => this.watcher.keepsReply(body), true);
    this.shadow(reply as Answering, 'json', (body) => this.watcher.keepsReply(body), true);
    this.shadow(response as unknown as Answering, 'end', () => this.watcher.keepsEnd(), false);
  }

  private shadow(target: Answering, name: string, keeps: (body: unknown) => boolean, isLast: boolean): void {
    const original = target[name];
    if (typeof original !== 'function') return;
    const isOwn = Object.hasOwn(target, name);
    target[name] = (...args: unknown[]): unknown => {
      const isKept = keeps(args[0]);
      if (isLast || !isKept) this.withdraw();
      return isKept ? target : Reflect.apply(original, target, args);
    };
    this.restores.push(() => {
      if (isOwn) target[name] = original;
      else delete target[name];
    });
  }

  private withdraw(): void {
    for (const restore of this.restores.splice(0)) restore();
  }
}
