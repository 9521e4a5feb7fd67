import { Injectable } from '@nestjs/common';
import { Logger } from 'nestjs-pino';

/** What Nest says of its own start: a hundred lines that no operator reads. Its warnings and errors are kept. */
const SILENT_CONTEXTS = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

/** The app's log without the chatter of its start. */
@Injectable()
export class AppLogger extends Logger {
  override log(message: unknown, ...parameters: unknown[]): void {
    if (SILENT_CONTEXTS.has(String(parameters.at(-1)))) return;
    super.log(message, ...parameters);
  }
}
