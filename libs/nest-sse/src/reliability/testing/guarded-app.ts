import {
  Controller,
  ForbiddenException,
  Get,
  Injectable,
  NotFoundException,
  Param,
  ParseIntPipe,
  UnauthorizedException,
  UseGuards,
  type BeforeApplicationShutdown,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { NEVER, type Observable } from 'rxjs';
import {
  MemoryEventLog,
  refuseStream,
  SseLog,
  SseStream,
  type EventLog,
  type SseEvent,
  type SseOptions,
  type SseSource,
} from '../../index.js';
import { startStreamApp, type StreamApp } from '../../testing/stream-app.js';

interface AppRequest {
  headers: Record<string, string | undefined>;
  user?: string;
}

/** What the guards of the app know. */
@Injectable()
export class Rights implements BeforeApplicationShutdown {
  /** Users by session; requests name theirs in `X-Session`, a guest's has none. */
  readonly sessions = new Map<string, string>();
  /** How many requests the throttler lets through. */
  requestsLeft = Infinity;
  readonly endedLog = new MemoryEventLog({ epoch: 'e' });
  /** Runs in the middle of a shutdown. */
  whileDraining: (() => Promise<void>) | undefined;

  async beforeApplicationShutdown(): Promise<void> {
    await this.whileDraining?.();
  }
}

/** A session that is over is not a guest's. */
@Injectable()
class SessionGuard implements CanActivate {
  constructor(private readonly rights: Rights) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AppRequest>();
    const session = request.headers['x-session'];
    if (session === undefined) return true;
    const user = this.rights.sessions.get(session);
    if (user === undefined) throw new UnauthorizedException();
    request.user = user;
    return true;
  }
}

/** Counts requests, but not what goes on with what it had. */
@Injectable()
class Throttler implements CanActivate {
  constructor(private readonly rights: Rights) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<AppRequest>();
    if (headers['last-event-id'] !== undefined || (this.rights.requestsLeft -= 1) >= 0) return true;
    refuseStream(context, 'limit', 3000);
    return false;
  }
}

@Injectable()
class RefusingGuard implements CanActivate {
  canActivate(): boolean {
    throw new ForbiddenException();
  }
}

@Injectable()
class EndedLog implements SseSource {
  constructor(private readonly rights: Rights) {}

  open(): EventLog {
    return this.rights.endedLog;
  }
}

@Controller()
class GuardedController {
  @SseStream('feed')
  feed(): Observable<SseEvent> {
    return NEVER;
  }

  @SseStream('ended', { source: EndedLog })
  ended(@SseLog() log: EventLog): EventLog {
    return log;
  }

  @UseGuards(RefusingGuard)
  @SseStream('refused/by-guard-above')
  above(): Observable<SseEvent> {
    return NEVER;
  }

  @SseStream('refused/by-guard-below')
  @UseGuards(RefusingGuard)
  below(): Observable<SseEvent> {
    return NEVER;
  }

  @SseStream('refused/by-pipe/:n')
  pipe(@Param('n', ParseIntPipe) _n: number): Observable<SseEvent> {
    return NEVER;
  }

  @SseStream('refused/by-handler')
  throws(): Observable<SseEvent> {
    throw new NotFoundException();
  }

  @SseStream('refused/by-async-handler')
  async rejects(): Promise<Observable<SseEvent>> {
    await Promise.resolve();
    throw new NotFoundException();
  }

  @Get('plain')
  plain(): string {
    return 'plain';
  }
}

/** An app with sessions, a throttler and refusals of every kind; all who ask are at one address. */
export function startGuardedApp(options: SseOptions): Promise<StreamApp> {
  return startStreamApp({
    options: {
      identify: (request) => {
        const { user, headers } = request as unknown as AppRequest;
        return { address: 'here', ...(user !== undefined && { user, session: headers['x-session'] ?? '' }) };
      },
      ...options,
    },
    controllers: [GuardedController],
    providers: [
      Rights,
      EndedLog,
      { provide: APP_GUARD, useClass: Throttler },
      { provide: APP_GUARD, useClass: SessionGuard },
    ],
  });
}
