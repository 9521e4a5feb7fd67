import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { FirstSignIn } from './accounts/index.js';
import { AppModule } from './app.module.js';
import { configureApp } from './configure-app.js';
import { ConfigFault, readConfig } from './platform/config/index.js';
import { AppLogger } from './platform/logging/index.js';
import { DataFolderInUse, openDatabase } from './platform/database/index.js';

const clientFolder = fileURLToPath(new URL('../../../client/dist/browser', import.meta.url));

async function start(): Promise<void> {
  const config = readConfig(process.env);
  // Before Nest: what an operator can put right about it is told in one sentence.
  const database = await openDatabase(config);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config, database), {
    bufferLogs: true,
    abortOnError: false,
    bodyParser: false,
  });
  app.useLogger(app.get(AppLogger));
  configureApp(app, clientFolder);
  app.enableShutdownHooks();
  await app.listen(config.port, config.host);
  const url = (await app.getUrl()).replace('[::1]', 'localhost');
  process.stdout.write(`\nThroughline is ready on ${config.publicUrl ?? url}\n`);
  const link = await app.get(FirstSignIn).createLink(config.publicUrl ?? url);
  if (link !== undefined) process.stdout.write(`Sign in once within 15 minutes: ${link}\n\n`);
}

/** What the operator can put right gets a sentence, not a stack. */
function isOperatorFault(error: unknown): error is Error {
  return (
    error instanceof ConfigFault ||
    error instanceof DataFolderInUse ||
    hasCode(error, 'EADDRINUSE', 'EACCES', 'ECONNREFUSED')
  );
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as { code?: string } | undefined)?.code ?? '');
}

try {
  await start();
} catch (error) {
  process.stderr.write(isOperatorFault(error) ? `${error.message}\n` : `${(error as Error).stack ?? String(error)}\n`);
  process.exit(1);
}
