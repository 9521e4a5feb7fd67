import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { type HttpLogger, type Options, pinoHttp } from 'pino-http';
import type { AppConfig } from '../config/index.js';
import { AppLogger } from './app-logger.js';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** A request keeps the id that a proxy gave it; the answer names it, so that a user can quote it. */
function takeRequestId(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
  response.setHeader('X-Request-Id', id);
  return id;
}

function chooseLevel(_request: IncomingMessage, response: ServerResponse, error?: Error): 'error' | 'info' | 'debug' {
  if (response.statusCode >= 500) return 'error';
  return error === undefined && response.statusCode < 400 ? 'debug' : 'info';
}

function httpLogOptions({ logLevel }: AppConfig): Options {
  return {
    level: logLevel,
    genReqId: takeRequestId,
    customLogLevel: chooseLevel,
    // A client's mistake is not an error of ours: its line has no stack.
    customErrorObject: () => ({}),
    serializers: {
      req: (request: { id: string; method: string; url: string; remoteAddress: string }) => ({
        id: request.id,
        method: request.method,
        // Without its query: that may hold a ticket or a token, under a name that is encoded in many ways.
        path: request.url.replace(/\?.*$/s, ''),
        remoteAddress: request.remoteAddress,
      }),
      res: (response: { statusCode: number }) => ({ statusCode: response.statusCode }),
    },
  };
}

/** Logs each request, and gives it its id. It comes before all else, so that what is refused early is logged as well. */
export function requestLog(config: AppConfig): HttpLogger {
  return pinoHttp(httpLogOptions(config));
}

/**
 * Structured logs: one line of JSON each, with the request's id. Headers and bodies are not logged at all, so no
 * password, cookie or key can be.
 */
@Module({})
export class LoggingModule {
  static forRoot(config: AppConfig): DynamicModule {
    const pino = LoggerModule.forRoot({ pinoHttp: httpLogOptions(config), useExisting: true });
    return { module: LoggingModule, imports: [pino], providers: [AppLogger], exports: [AppLogger] };
  }
}
