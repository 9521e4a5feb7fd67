import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { FirstSignIn } from './accounts/index.js';
import { AppModule } from './app.module.js';
import { configureApp } from './configure-app.js';
import type { AppConfig } from './platform/config/index.js';
import type { DatabaseHandle } from './platform/database/index.js';
import { AppLogger } from './platform/logging/index.js';

const clientFolder = fileURLToPath(new URL('../../../client/dist/browser', import.meta.url));

/** Serves the app on the open database, which is closed with it, and tells the operator where. */
export async function serve(config: AppConfig, database: DatabaseHandle): Promise<void> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config, database), {
    bufferLogs: true,
    abortOnError: false,
    bodyParser: false,
  });
  app.useLogger(app.get(AppLogger));
  configureApp(app, clientFolder);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT', 'SIGHUP']);
  try {
    await app.listen(config.port, config.host);
  } catch (error) {
    // Gives back what was claimed: a run that was taken up and dropped by an exit would count as a crash of its step.
    await app.close();
    throw error;
  }
  const url = config.publicUrl ?? (await app.getUrl()).replace('[::1]', 'localhost');
  process.stdout.write(`\nThroughline is ready on ${url}\n`);
  const link = await app.get(FirstSignIn).createLink(url);
  if (link !== undefined) process.stdout.write(`Sign in once within 15 minutes: ${link}\n\n`);
}
