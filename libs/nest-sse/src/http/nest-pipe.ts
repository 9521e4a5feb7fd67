import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

/** Is told what Nest would have written to the response. */
export interface NestPipeListener {
  /** Something was emitted through Nest: text that stands in no relation to our frames. */
  onWrite(text: string): void;
  /** Nest has no more. */
  onEnd(): void;
}

/** What Nest's `@Sse()` pipes into the response, told from what a filter or another handler may pipe. */
interface NestEvents extends Readable {
  writeMessage(message: object): void;
}

/**
 * Stands between what Nest emits and the response: Nest writes the headers and an empty line by itself, and all that
 * comes after goes through a pipe, which is led to the listener instead. Our frames do not go through it, so whatever
 * does come is an interceptor's, with ids that Nest made up.
 */
export function interceptNestPipe(response: ServerResponse, listener: NestPipeListener): void {
  const take = (source: Readable): void => {
    if (!isNestEvents(source)) return;
    response.off('pipe', take);
    source.unpipe(response);
    source.on('data', (chunk: Buffer | string) => {
      const text = String(chunk);
      // Nest's probe of a socket that it does not read from; our heartbeats find out the same.
      if (!text.startsWith(':')) listener.onWrite(text);
    });
    source.once('end', () => listener.onEnd());
  };
  response.on('pipe', take);
}

function isNestEvents(source: Readable): source is NestEvents {
  return typeof (source as Partial<NestEvents>).writeMessage === 'function';
}
