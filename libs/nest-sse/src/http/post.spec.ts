import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  BadRequestException,
  Body,
  Controller,
  Injectable,
  Param,
  ParseIntPipe,
  ValidationPipe,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { IsInt, IsString } from 'class-validator';
import { concat, NEVER, of, type Observable } from 'rxjs';
import {
  asksForStream,
  MemoryEventLog,
  refuseStream,
  SseConnections,
  SseCursor,
  SseLog,
  SseStream,
  type EventLog,
  type SseEvent,
  type SseSource,
} from '../index.js';
import { PLATFORMS, startStreamApp, type StreamApp } from '../testing/stream-app.js';

class Question {
  @IsString()
  text!: string;

  @IsInt()
  words!: number;
}

const log = new MemoryEventLog({ epoch: 'e' });

@Injectable()
class Answers implements SseSource {
  open(context: ExecutionContext): EventLog {
    const { body } = context.switchToHttp().getRequest<{ body: { text?: string } }>();
    if (body.text === undefined) throw new BadRequestException({ code: 'no_question' });
    return log;
  }
}

@Injectable()
class Throttle implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    if (headers['x-too-many'] === undefined) return true;
    refuseStream(context, 'limit', 1500);
    throw new BadRequestException({ code: asksForStream(context) ? 'impossible' : 'too_many' });
  }
}

@Controller('answers')
class AnswersController {
  @SseStream('to/:n', { method: 'POST' })
  answer(
    @Param('n', ParseIntPipe) n: number,
    @Body() { text, words }: Question,
    @SseCursor() cursor: string | undefined,
  ): Observable<SseEvent> {
    return concat(of({ event: 'answer', data: { n, length: text.length, words, cursor: cursor ?? null } }), NEVER);
  }

  @SseStream('log', { method: 'POST', source: Answers })
  logged(@SseLog() answers: EventLog): EventLog {
    return answers;
  }

  @SseStream('put', { method: 'PUT' })
  put(): Observable<SseEvent> {
    return NEVER;
  }
}

describe.each(PLATFORMS)('a stream that is posted for on %s', (platform) => {
  let streams: StreamApp;

  beforeEach(async () => {
    streams = await startStreamApp({
      platform,
      options: { connectionsTotal: 1 },
      controllers: [AnswersController],
      providers: [Answers, { provide: APP_GUARD, useClass: Throttle }],
      prepare: (app) => void app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true })),
    });
  });
  afterEach(() => streams.close());

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    streams.open(`/answers/${path}`, { method: 'POST', body, headers });

  it('answers 200 with what the body asks for, validated and transformed like any other', async () => {
    const client = await post('to/7', { text: 'why?', words: 3 }, { 'last-event-id': 'a-1' });
    expect(client.status).toBe(200);
    expect(client.headers['content-type']).toBe('text/event-stream');
    const { data } = await client.next('answer');
    expect(data).toMatchObject({ n: 7, length: 4, words: 3, cursor: 'a-1' });
  });

  it.each([
    ['to/7', { text: 'why?' }],
    ['to/7', { text: 'why?', words: 3, more: true }],
    ['to/x', { text: 'why?', words: 3 }],
    ['log', {}],
  ])('refuses by a status what is wrong with %s %j, and gives the slot back', async (path, body) => {
    for (let n = 0; n < 3; n += 1) expect((await post(path, body)).status).toBe(400);
    expect((await post('to/7', { text: 'why?', words: 3 })).status).toBe(200);
  });

  it('stays open after its body was read, however large (trap 12)', async () => {
    const client = await post('to/1', { text: 'x'.repeat(90_000), words: 3 });
    await client.next('answer');
    streams.app.get(SseConnections).broadcast({ event: 'note', data: {} });
    await client.next('note');
    expect(client.isClosed).toBe(false);
    const closed = new Promise((resolve) => streams.app.get(SseConnections).closed.subscribe(resolve));
    await client.close();
    expect(await closed).toMatchObject({ reason: 'disconnected' });
  });

  it('resumes a log after the id that the client names', async () => {
    await log.append([
      { event: 'part', data: { n: 1 } },
      { event: 'part', data: { n: 2 } },
    ]);
    const { cursor: tail } = await log.tail();
    const client = await post('log', { text: 'why?' }, { 'last-event-id': 'e-1' });
    expect(client.status).toBe(200);
    await client.until(({ id }) => id === tail);
    const closed = new Promise((resolve) => streams.app.get(SseConnections).closed.subscribe(resolve));
    await client.close();
    await closed;
    const again = await client.reconnect({ lastEventId: 'e-1' });
    expect((await again.next('part')).id).toBe('e-2');
  });

  it('gives a page where JSON is preferred', async () => {
    const client = await post('log', { text: 'why?' }, { accept: 'application/json' });
    expect(client.status).toBe(200);
    expect(await client.json()).toMatchObject({ more: false });
  });

  it('tells its client by an event that it met a limit, where it names the stream in Accept', async () => {
    await (await post('to/7', { text: 'why?', words: 3 })).next('answer');
    const named = await post('to/7', { text: 'why?', words: 3 });
    expect([named.status, named.headers['content-type']]).toEqual([200, 'text/event-stream']);
    await named.ended();
    expect(named.frames).toMatchObject([{ event: 'stream.close', data: { reason: 'overloaded' } }]);
    const other = await post('to/7', { text: 'why?', words: 3 }, { accept: '*/*' });
    expect([other.status, Number(other.headers['retry-after']) > 0]).toEqual([503, true]);
  });

  it('is refused the same way by guards of the app', async () => {
    const named = await post('to/7', {}, { 'x-too-many': '1' });
    expect(named.status).toBe(200);
    await named.ended();
    expect([named.retry, named.frames[0]?.data.reason]).toEqual([1500, 'limit']);
    const other = await post('to/7', {}, { 'x-too-many': '1', accept: '*/*' });
    expect(await other.json()).toMatchObject({ code: 'too_many' });
  });

  it('is not there for another method', async () => {
    expect((await streams.open('/answers/to/7')).status).toBe(404);
    expect((await streams.open('/answers/put', { method: 'PUT' })).status).toBe(200);
  });
});
