import type { CorsOptions, CorsOptionsDelegate } from '@nestjs/common/interfaces/external/cors-options.interface.js';
import { SSE_CORS_HEADERS } from '@throughline/nest-sse';
import type { Request } from 'express';
import type { AppConfig } from '../config/index.js';

const STREAM_PATH = /^\/api\/v1\/(?:events|runs\/[^/]+\/events)$/;
const PREFLIGHT_MAX_AGE_S = 600;

/** Scripts of allowed origins may read streams and their pages, with a ticket instead of the cookie, and nothing else. */
export function streamCors({ allowedOrigins }: AppConfig): CorsOptionsDelegate<Request> {
  return (request, answer) => {
    const isStream = STREAM_PATH.test(request.path);
    const options: CorsOptions = {
      origin: isStream && allowedOrigins.length > 0 ? [...allowedOrigins] : false,
      methods: ['GET'],
      allowedHeaders: ['Accept', ...SSE_CORS_HEADERS],
      credentials: false,
      maxAge: PREFLIGHT_MAX_AGE_S,
    };
    answer(null, options);
  };
}
