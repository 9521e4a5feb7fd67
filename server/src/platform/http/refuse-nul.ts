import type { NextFunction, Request, Response } from 'express';
import { ProblemException } from './problem-exception.js';

const NUL = /%00/;

/** No id or query has a NUL, and PostgreSQL takes none: an address with one names nothing. */
export function refuseNul(request: Request, _response: Response, next: NextFunction): void {
  next(NUL.test(request.url) ? new ProblemException(404, 'not_found', 'There is nothing here.') : undefined);
}
