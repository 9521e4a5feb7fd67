import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  DefaultValuePipe,
  ForbiddenException,
  Header,
  HttpException,
  Injectable,
  Param,
  ParseEnumPipe,
  ParseIntPipe,
  Query,
  UnauthorizedException,
  ValidationPipe,
  type Type as ControllerClass,
  Version,
  VersioningType,
  VERSION_NEUTRAL,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  type VersioningOptions,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Type } from 'class-transformer';
import { IsInt, Max } from 'class-validator';
import { concat, NEVER, of, type Observable } from 'rxjs';
import { SseConnections, SseStream, type SseEvent, type SseRequest } from '../index.js';
import { ADAPTERS, startStreamApp, type StreamApp } from '../testing/stream-app.js';

const say = (data: Record<string, unknown>): Observable<SseEvent> => concat(of({ event: 'said', data }), NEVER);

class Filter {
  @Type(() => Number)
  @IsInt()
  @Max(10)
  most!: number;
}

@Controller({ path: 'versions', version: ['1', VERSION_NEUTRAL] })
class VersionsController {
  @SseStream()
  first(): Observable<SseEvent> {
    return say({ version: 1 });
  }

  @Version('2')
  @SseStream()
  second(): Observable<SseEvent> {
    return say({ version: 2 });
  }
}

@Controller('feed')
class FeedController {
  @SseStream()
  @Header('X-Feed', 'yes')
  feed(): Observable<SseEvent> {
    return say({ n: 0 });
  }

  @SseStream(':n/items/:kind')
  items(
    @Param('n', ParseIntPipe) n: number,
    @Param('kind', new ParseEnumPipe({ old: 'old', new: 'new' })) kind: string,
    @Query('from', new DefaultValuePipe(5), ParseIntPipe) from: number,
  ): Observable<SseEvent> {
    return say({ n, kind, from });
  }

  @SseStream('filtered')
  filtered(@Query() { most }: Filter): Observable<SseEvent> {
    return say({ most });
  }
}

abstract class BaseController {
  protected abstract readonly topic: string;

  @SseStream(':n/changes')
  changes(@Param('n', ParseIntPipe) n: number): Observable<SseEvent> {
    return say({ topic: this.topic, n });
  }

  @SseStream('plain')
  plain(): Observable<SseEvent> {
    return say({ topic: this.topic });
  }
}

@Controller('prices')
class PricesController extends BaseController {
  protected readonly topic = 'prices';
}

@Controller('news')
class NewsController extends BaseController {
  protected readonly topic = 'news';

  @SseStream('flash/:n')
  override changes(@Param('n', ParseIntPipe) n: number): Observable<SseEvent> {
    return super.changes(n + 1);
  }
}

@Injectable()
class SignIn implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<SseRequest & { user?: string }>();
    const name = request.headers['x-user'];
    if (name === 'nobody') throw new UnauthorizedException();
    if (name === 'banned') throw new ForbiddenException();
    if (typeof name === 'string') request.user = name;
    return true;
  }
}

describe.each(ADAPTERS)('the route of a stream on %s', (platform) => {
  let streams: StreamApp;
  const start = async (
    prepare: (app: INestApplication) => void = () => undefined,
    controllers: ControllerClass[] = [FeedController, PricesController, NewsController],
  ): Promise<void> => {
    streams = await startStreamApp({
      platform,
      options: {
        identify: (request) => ({
          user: (request as SseRequest & { user: string }).user,
          address: request.ip ?? '',
        }),
      },
      controllers,
      providers: [{ provide: APP_GUARD, useClass: SignIn }],
      prepare: (app) => {
        app.useGlobalPipes(new ValidationPipe({ transform: true }));
        prepare(app);
      },
    });
  };
  afterEach(() => streams.close());

  const said = async (path: string, headers: Record<string, string> = {}): Promise<unknown> => {
    const { data } = await (await streams.open(path, { headers })).next('said');
    expect(data.timestamp).toEqual(expect.any(String));
    return Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'timestamp'));
  };

  it('has the prefix of all routes, except where it is left out', async () => {
    await start((app) => app.setGlobalPrefix('api/v9', { exclude: ['prices/plain'] }));
    expect(await said('/api/v9/feed')).toEqual({ n: 0 });
    expect(await said('/prices/plain')).toEqual({ topic: 'prices' });
    expect((await streams.open('/feed')).status).toBe(404);
  });

  it.each<[string, VersioningOptions, [string, Record<string, string>], [string, Record<string, string>]]>([
    ['URI', { type: VersioningType.URI }, ['/v1/versions', {}], ['/v2/versions', {}]],
    [
      'header',
      { type: VersioningType.HEADER, header: 'X-Version' },
      ['/versions', { 'x-version': '1' }],
      ['/versions', { 'x-version': '2' }],
    ],
    [
      'media type',
      { type: VersioningType.MEDIA_TYPE, key: 'v=' },
      ['/versions', { accept: 'text/event-stream;v=1' }],
      ['/versions', { accept: 'text/event-stream;v=2' }],
    ],
  ])('is versioned by %s', async (_, versioning, first, second) => {
    await start((app) => app.enableVersioning(versioning), [VersionsController]);
    expect(await said(...first)).toEqual({ version: 1 });
    expect(await said(...second)).toEqual({ version: 2 });
    expect(await said('/versions')).toEqual({ version: 1 });
  });

  it('has its parameters and its query through pipes, and their refusals as statuses', async () => {
    await start();
    expect(await said('/feed/7/items/old')).toEqual({ n: 7, kind: 'old', from: 5 });
    expect(await said('/feed/7/items/new?from=8')).toEqual({ n: 7, kind: 'new', from: 8 });
    expect(await said('/feed/filtered?most=9')).toEqual({ most: 9 });
    for (const path of ['x/items/old', '7/items/odd', 'filtered?most=11', 'filtered']) {
      expect([path, (await streams.open(`/feed/${path}`)).status]).toEqual([path, 400]);
    }
  });

  it('is inherited by each controller of a class, with its parameters, its guard and its own name', async () => {
    await start();
    expect(await said('/prices/3/changes')).toEqual({ topic: 'prices', n: 3 });
    expect(await said('/news/plain')).toEqual({ topic: 'news' });
    expect((await streams.open('/prices/x/changes')).status).toBe(400);
    expect((await streams.open('/prices/plain', { lastEventId: '-1' })).status).toBe(400);
    const kinds = streams.app
      .get(SseConnections)
      .list()
      .map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['NewsController.plain', 'PricesController.changes']);
  });

  it('may be another one in a class that goes on with what it inherited', async () => {
    await start();
    expect(await said('/news/flash/3')).toEqual({ topic: 'news', n: 4 });
  });

  it("keeps the headers of the handler beside the stream's", async () => {
    await start();
    const client = await streams.open('/feed');
    expect([client.headers['x-feed'], client.headers['content-type']]).toEqual(['yes', 'text/event-stream']);
  });

  it('is guarded by global guards, and what they found out says whose the stream is', async () => {
    await start();
    expect((await streams.open('/feed', { headers: { 'x-user': 'nobody' } })).status).toBe(401);
    expect((await streams.open('/feed', { headers: { 'x-user': 'banned' } })).status).toBe(403);
    await (await streams.open('/feed', { headers: { 'x-user': 'ann' } })).next('said');
    expect(streams.app.get(SseConnections).list()).toMatchObject([{ user: 'ann', address: '127.0.0.1' }]);
  });

  it('has its refusals rendered by global filters', async () => {
    await start((app) =>
      app.useGlobalFilters({
        catch: (error: HttpException, host) => {
          const response = host.switchToHttp().getResponse<{ status(code: number): { send(body: unknown): void } }>();
          response.status(error.getStatus()).send({ rendered: error.getStatus() });
        },
      }),
    );
    expect(await (await streams.open('/feed', { lastEventId: '-1' })).json()).toEqual({ rendered: 400 });
    expect(await (await streams.open('/feed/x/items/old')).json()).toEqual({ rendered: 400 });
  });
});
