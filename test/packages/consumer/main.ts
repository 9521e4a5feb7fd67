/** Compiled and run in an app that has the packages installed, beside the first stream of the README. */
import { NestFactory } from '@nestjs/core';
import { SseChannels } from '@throughline/nest-sse';
import { SseTestClient } from '@throughline/nest-sse/testing';
import { PricesModule } from './first-stream.js';

async function main(): Promise<void> {
  const app = await NestFactory.create(PricesModule, { logger: ['error', 'warn'] });
  await app.listen(0, '127.0.0.1');
  const prices = app.get(SseChannels).get('prices');
  const publish = (cents: number) => prices.publish({ event: 'price', data: { symbol: 'A', cents } });

  const stream = await SseTestClient.open(app.getHttpServer(), '/prices');
  const opened = await stream.next('stream.open');
  await publish(1);
  const received = await stream.next('price');
  await stream.close();
  await publish(2);
  await publish(3);
  const again = await stream.reconnect();
  const missed = await again.take(2, 'price');
  const { resumedFrom } = again.frames[0]?.data ?? {};
  const closing = again.next('stream.close');
  await app.close();
  const { data: close } = await closing;
  process.stdout.write(JSON.stringify({ opened, received, resumedFrom, missed, close }));
}

main().catch((error: unknown) => {
  process.stderr.write(String(error instanceof Error ? error.stack : error));
  process.exit(1); // the app would go on listening
});
