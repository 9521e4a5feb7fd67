import { parseEventStream, type ReceivedFrame } from './received-frame.js';

/** What is needed of a Supertest request. */
export interface CollectableRequest<R> extends PromiseLike<R> {
  buffer(isBuffered: boolean): this;
  parse(parser: (response: NodeJS.ReadableStream, done: (error: Error | null, body: unknown) => void) => void): this;
}

/**
 * Sends a Supertest request for a stream that ends, and resolves with its events, control events included. Expectations
 * on the status and the headers stay with Supertest: `collectEvents(request(server).get(path).expect(200))`.
 */
export async function collectEvents(request: unknown): Promise<ReceivedFrame[]> {
  const response = await (request as CollectableRequest<{ body: unknown }>).buffer(true).parse((stream, done) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer | string) => chunks.push(Buffer.from(chunk)));
    stream.on('end', () => done(null, Buffer.concat(chunks)));
    stream.on('error', (error: Error) => done(error, null));
  });
  if (!Buffer.isBuffer(response.body))
    throw new TypeError('The request has a body of its own: give one as Supertest makes it.');
  return parseEventStream(response.body);
}
