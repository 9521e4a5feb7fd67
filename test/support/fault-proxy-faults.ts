import { setTimeout as delay } from 'node:timers/promises';
import type { Passage } from './fault-proxy-passage.js';

/** What happens to one request and its answer. */
export type Fault = (passage: Passage) => Promise<void> | void;

/** Nothing happens. */
export const pass: Fault = async (passage) => {
  for await (const bytes of passage.ask()) await passage.send(bytes);
  passage.end();
};

/** It is accepted, and never answered. */
export const blackHole: Fault = () => undefined;

/**
 * The connection ends after so many bytes of the answer, those of its header counted or not. `finish` ends it so that the
 * answer seems to be complete: it has neither length nor chunks.
 */
export function cutAfter(bytes: number, of: 'answer' | 'body', by: 'end' | 'reset' | 'finish' = 'end'): Fault {
  return async (passage) => {
    await passFirst(passage, bytes, of, passage.ask(by === 'finish' ? '1.0' : '1.1'));
    if (by === 'reset') passage.reset();
    else passage.end();
  };
}

/** After so many bytes of the body nothing comes any more, and nobody is told. */
export function muteAfter(bytes: number): Fault {
  return async (passage) => {
    await passFirst(passage, bytes, 'body', passage.ask());
    passage.mute();
  };
}

/** A proxy that keeps the body until it is complete. The header passes, so the browser thinks that all is well. */
export const buffer: Fault = async (passage) => {
  const [head, body] = await divide(passage);
  await passage.send(head);
  const kept: Buffer[] = [];
  for await (const bytes of body) kept.push(bytes);
  await passage.send(Buffer.concat(kept));
  passage.end();
};

/** Somebody on the way answers in the server's place. */
export function answer(status: number, header: Readonly<Record<string, string>> = {}): Fault {
  return async (passage) => {
    const lines = Object.entries({ ...header, 'content-length': '0', connection: 'close' });
    const head = [`HTTP/1.1 ${status} Said on the way`, ...lines.map(([name, value]) => `${name}: ${value}`)];
    await passage.send(Buffer.from(`${head.join('\r\n')}\r\n\r\n`));
    passage.end();
  };
}

/** The header comes after so long, everything else as it is. */
export function slowHeader(delayMs: number): Fault {
  return async (passage) => {
    const [head, body] = await divide(passage);
    await delay(delayMs);
    await passage.send(head);
    for await (const bytes of body) await passage.send(bytes);
    passage.end();
  };
}

/** A line so thin that the answer comes by a few bytes at a time. */
export function throttle(bytesAtATime: number, everyMs: number): Fault {
  return async (passage) => {
    for await (const bytes of passage.ask()) {
      for (let start = 0; start < bytes.length && passage.isOpen; start += bytesAtATime) {
        await passage.send(bytes.subarray(start, start + bytesAtATime));
        await delay(everyMs);
      }
    }
    passage.end();
  };
}

async function divide(passage: Passage): Promise<[head: Buffer, body: AsyncGenerator<Buffer, void>]> {
  const answered = passage.ask();
  const head = await answered.next();
  return [head.value ?? Buffer.alloc(0), answered];
}

async function passFirst(
  passage: Passage,
  bytes: number,
  of: 'answer' | 'body',
  answered: AsyncIterable<Buffer>,
): Promise<void> {
  let left = bytes;
  let isHead = true;
  for await (const chunk of answered) {
    const isCounted = of === 'answer' || !isHead;
    const part = isCounted ? chunk.subarray(0, left) : chunk;
    await passage.send(part);
    if (isCounted) left -= part.length;
    isHead = false;
    if (left === 0) return;
  }
}
