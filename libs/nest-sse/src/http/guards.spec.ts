import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Catch,
  Controller,
  ForbiddenException,
  Injectable,
  Param,
  ParseIntPipe,
  SetMetadata,
  UseFilters,
  UseGuards,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
} from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { NEVER, type Observable } from 'rxjs';
import {
  MemoryEventLog,
  SseConnections,
  SseLog,
  SseStream,
  type EventLog,
  type SseEvent,
  type SseSource,
} from '../index.js';
import { PLATFORMS, startStreamApp, type StreamApp } from '../testing/stream-app.js';

const order: string[] = [];

@Injectable()
class GlobalGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    order.push(`global ${this.reflector.get<string>('role', context.getHandler()) ?? 'none'}`);
    return true;
  }
}

@Injectable()
class RefusingGuard implements CanActivate {
  canActivate(): boolean {
    order.push('refusing');
    throw new ForbiddenException();
  }
}

@Catch()
class GreedyFilter implements ExceptionFilter {
  catch(): void {
    order.push('greedy filter');
  }
}

const log = new MemoryEventLog();

@Injectable()
class OneLog implements SseSource {
  open(): EventLog {
    order.push('source');
    return log;
  }
}

class BaseController {
  @SetMetadata('role', 'inherited')
  @SseStream('inherited')
  inherited(): Observable<SseEvent> {
    return NEVER;
  }
}

@Controller()
class GuardedController extends BaseController {
  @UseGuards(RefusingGuard)
  @SseStream('guard-above', { source: OneLog })
  above(@SseLog() opened: EventLog): EventLog {
    return opened;
  }

  @SseStream('guard-below', { source: OneLog })
  @UseGuards(RefusingGuard)
  below(@SseLog() opened: EventLog): EventLog {
    return opened;
  }

  @UseFilters(GreedyFilter)
  @SseStream('greedy', { source: OneLog })
  @SetMetadata('role', 'below')
  greedy(@SseLog() opened: EventLog): EventLog {
    return opened;
  }

  @SseStream('pipe/:n')
  pipe(@Param('n', ParseIntPipe) n: number): Observable<SseEvent> {
    order.push(`handler ${n}`);
    return NEVER;
  }
}

describe.each(PLATFORMS)('the guard of a stream on %s', (platform) => {
  let streams: StreamApp;
  const start = async (): Promise<void> => {
    order.length = 0;
    streams = await startStreamApp({
      platform,
      options: { connectionsTotal: 1 },
      controllers: [GuardedController],
      providers: [OneLog, { provide: APP_GUARD, useClass: GlobalGuard }],
    });
  };
  afterEach(() => streams.close());

  it.each(['guard-above', 'guard-below'])('runs after all others, wherever they stand (%s)', async (path) => {
    await start();
    for (const accept of ['text/event-stream', 'application/json']) {
      expect((await streams.open(`/${path}`, { headers: { accept } })).status).toBe(403);
    }
    expect(order).toEqual(['global none', 'refusing', 'global none', 'refusing']);
  });

  it("answers before the method's other filters, which may catch everything", async () => {
    await start();
    const client = await streams.open('/greedy', { headers: { accept: 'application/json' } });
    expect(client.status).toBe(200);
    expect(order).toEqual(['global below', 'source']);
  });

  it('gives a slot back when a pipe refuses behind it (trap 9)', async () => {
    await start();
    for (let n = 0; n < 5; n += 1) expect((await streams.open('/pipe/x')).status).toBe(400);
    const client = await streams.open('/pipe/7');
    await client.next('stream.open');
    expect(order.at(-1)).toBe('handler 7');
    expect(streams.app.get(SseConnections).list()).toHaveLength(1);
  });

  it('guards inherited handlers too', async () => {
    await start();
    await (await streams.open('/inherited')).next('stream.open');
    expect(order).toEqual(['global inherited']);
  });
});
