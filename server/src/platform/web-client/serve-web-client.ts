import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import sirv from 'sirv';
import { pagePolicy } from '../http/security-headers.js';

const HASHED_FILE = /-[\w-]{8}\.(?:js|css|woff2|svg|png)$/;
const NONCE_PLACEHOLDER = /%CSP_NONCE%/g;
const SERVER_PATHS = /^\/(?:api|health|metrics)(?:\/|$)/;

/** Sends the page with a nonce of its own, which Angular gives to the styles that it adds. */
function createPage(template: string) {
  return (_request: Request, response: Response): void => {
    const nonce = randomBytes(16).toString('base64');
    response
      .set('Content-Security-Policy', pagePolicy(nonce))
      .set('Cache-Control', 'no-cache')
      .type('html')
      .send(template.replace(NONCE_PLACEHOLDER, nonce));
  };
}

/** Serves the built client from `folder`: files as they were compressed by the build, the page for every other path. */
export function serveWebClient(app: NestExpressApplication, folder: string): void {
  const index = join(folder, 'index.html');
  if (!existsSync(index)) return;
  const sendPage = createPage(readFileSync(index, 'utf8'));
  const files = sirv(folder, {
    brotli: true,
    gzip: true,
    etag: true,
    setHeaders: (response, path) => {
      const isHashed = HASHED_FILE.test(path);
      response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.use((request: Request, response: Response, next: NextFunction) => {
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (!isReading || SERVER_PATHS.test(request.path)) return next();
    if (request.path === '/' || request.path === '/index.html') return sendPage(request, response);
    return files(request, response, () => {
      const isPage = request.accepts(['html', 'json']) === 'html' && !/\.[a-z0-9]+$/i.test(request.path);
      return isPage ? sendPage(request, response) : next();
    });
  });
}
