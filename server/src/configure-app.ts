import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import compression from 'compression';
import type { NextFunction, Request, Response } from 'express';
import { AppConfig } from './platform/config/index.js';
import {
  documentationPolicy,
  refuseComplexJson,
  refuseNul,
  refuseOtherTypes,
  securityHeaders,
} from './platform/http/index.js';
import { requestLog } from './platform/logging/index.js';
import { streamCors } from './platform/streaming/index.js';
import { serveWebClient } from './platform/web-client/index.js';

const API_PREFIX = 'api/v1';
const JSON_LIMIT = '1mb';

function documentApi(app: NestExpressApplication): void {
  const about = new DocumentBuilder()
    .setTitle('Throughline')
    .setDescription('A content strategy, streamed live from a brief and real content data.')
    .setVersion('1')
    .addCookieAuth('throughline_session')
    .build();
  app.use('/api/docs', (_request: Request, response: Response, next: NextFunction) => {
    response.set('Content-Security-Policy', documentationPolicy);
    next();
  });
  SwaggerModule.setup('api/docs', app, () => SwaggerModule.createDocument(app, about), {
    jsonDocumentUrl: 'api/openapi.json',
  });
}

/** Sets up what lies in front of the modules: headers, limits, prefix, documentation and the built client. */
export function configureApp(app: NestExpressApplication, clientFolder?: string): void {
  const config = app.get(AppConfig);
  app.disable('x-powered-by');
  // A reverse proxy on this machine is believed what it says of its client; no other is.
  app.set('trust proxy', 'loopback');
  app.use(requestLog(config));
  app.enableCors(streamCors(config));
  app.use(securityHeaders());
  app.use(refuseNul);
  // Answers are somebody's own, and change; what is to be kept says so itself.
  app.use('/api/v1', (_request: Request, response: Response, next: NextFunction) => {
    response.set('Cache-Control', 'private, no-store');
    next();
  });
  // Streams say no-transform and are left alone.
  app.use(compression());
  app.use(refuseOtherTypes);
  app.useBodyParser('json', { limit: JSON_LIMIT, type: ['application/json', 'application/merge-patch+json'] });
  app.use(refuseComplexJson);
  app.setGlobalPrefix(API_PREFIX, { exclude: ['health/live', 'health/ready', 'metrics'] });
  documentApi(app);
  if (clientFolder !== undefined) serveWebClient(app, clientFolder);
}
