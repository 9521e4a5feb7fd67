import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Injectable, Next, Res } from '@nestjs/common';
import { of, type Observable } from 'rxjs';
import { MemoryEventLog, SseLog, SseStream, type EventLog, type SseEvent, type SseSource } from '../index.js';
import { ADAPTERS, startStreamApp, type StreamApp } from '../testing/stream-app.js';

@Injectable()
class OneLog implements SseSource {
  open(): EventLog {
    return new MemoryEventLog();
  }
}

describe('a handler of a stream', () => {
  it('is refused where it takes the answer', () => {
    expect(() => {
      class Taking {
        @SseStream()
        events(@Res() response: object): Observable<SseEvent> {
          return of({ event: 'tick', data: typeof response });
        }
      }
      return Taking;
    }).toThrow('Taking.events takes @Res(), by which Nest leaves the answer to the handler');
    expect(() => {
      class Passing {
        @SseStream()
        events(@Next() next: () => void): Observable<SseEvent> {
          return of({ event: 'tick', data: typeof next });
        }
      }
      return Passing;
    }).toThrow('Passing.events takes @Next()');
  });

  it('is refused where it takes the log of a source that there is not', () => {
    expect(() => {
      class Sourceless {
        @SseStream()
        events(@SseLog() log: EventLog): EventLog {
          return log;
        }
      }
      return Sourceless;
    }).toThrow('Sourceless.events takes @SseLog(). The route has no `source`');
  });
});

describe.each(ADAPTERS)('at the start on %s', (platform) => {
  let streams: StreamApp | undefined;
  const warnings: string[] = [];
  const silent = () => undefined;
  const logger = { log: silent, error: silent, warn: (text: string) => void warnings.push(text) };
  afterEach(async () => {
    warnings.length = 0;
    await streams?.close();
    streams = undefined;
  });

  @Controller()
  class Streams {
    @SseStream('headed')
    headed(@Res({ passthrough: true }) response: object): Observable<SseEvent> {
      return of({ event: 'tick', data: typeof response });
    }

    @SseStream('sourced', { source: OneLog })
    sourced(@SseLog() log: EventLog): EventLog {
      return log;
    }
  }

  it('a source that is no provider is named', async () => {
    await expect(startStreamApp({ platform, controllers: [Streams] })).rejects.toThrow(
      'The source OneLog of Streams.sourced is no provider: add it to the `providers` of a module.',
    );
  });

  it('a handler that takes the answer to set headers, and one with a source, are served', async () => {
    streams = await startStreamApp({ platform, controllers: [Streams], providers: [OneLog] });
    expect((await (await streams.open('/headed')).next('tick')).data).toBe('object');
    expect((await streams.open('/sourced')).status).toBe(200);
  });

  it.each([{ connectionsPerUser: 3 }, { onLimit: 'close-oldest' as const }])(
    'limits per user that nobody can be held to are warned of once: %j',
    async (options) => {
      streams = await startStreamApp({ platform, options, controllers: [Streams], providers: [OneLog], logger });
      const [name] = Object.keys(options);
      expect(warnings).toEqual([expect.stringContaining(`The option ${name} has no effect without \`identify\``)]);
    },
  );

  it('limits with identify, and the defaults, are not', async () => {
    const identify = () => ({ user: 'ann', address: '' });
    const options = { connectionsPerUser: 3, identify };
    streams = await startStreamApp({ platform, options, controllers: [Streams], providers: [OneLog], logger });
    await streams.close();
    streams = await startStreamApp({ platform, controllers: [Streams], providers: [OneLog], logger });
    expect(warnings).toEqual([]);
  });
});
