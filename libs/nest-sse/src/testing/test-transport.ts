import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect } from 'node:http2';
import type { Readable } from 'node:stream';

/** One request of a test, as it is sent. */
export interface TestRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  /** Over HTTP/2 without TLS, on a session of its own. */
  readonly isHttp2: boolean;
}

/** The answer to a {@link TestRequest}, from the moment when its headers are there. */
export interface TestResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

/** A request on its way. */
export interface TestExchange {
  /** Resolves with the headers; rejects where none come. */
  readonly response: Promise<TestResponse>;
  /** Closes the connection. */
  destroy(error?: Error): void;
}

/** Sends a request over a connection of its own. */
export function exchange(sent: TestRequest): TestExchange {
  return sent.isHttp2 ? overHttp2(sent) : overHttp1(sent);
}

function overHttp1({ url, method, headers, body }: TestRequest): TestExchange {
  const outgoing = request(url, { method, headers, agent: false });
  outgoing.end(body);
  const respond = async (): Promise<TestResponse> => {
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    // Beyond this, errors are the response's; the request's copy of them would be unhandled.
    outgoing.on('error', () => undefined);
    return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: incoming };
  };
  return { response: respond(), destroy: (error) => outgoing.destroy(error) };
}

function overHttp2({ url, method, headers, body }: TestRequest): TestExchange {
  const session = connect(url.origin);
  const target = { ':method': method, ':path': `${url.pathname}${url.search}` };
  const stream = session.request({ ...target, ...headers }, { endStream: body === undefined });
  if (body) stream.end(body);
  // Told by the promise below, as long as somebody waits for the answer.
  session.on('error', () => undefined);
  stream.on('error', () => undefined);
  stream.once('close', () => session.close());
  const respond = async (): Promise<TestResponse> => {
    // A stream that is closed in good order before it answered has no error to tell.
    stream.once('close', () => stream.emit('error', new Error(`${url.pathname} was closed without an answer.`)));
    const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status'?: number }];
    return { status: answer[':status'] ?? 0, headers: answer, body: stream };
  };
  return {
    response: respond(),
    destroy: (error) => {
      stream.destroy(error);
      session.destroy();
    },
  };
}
