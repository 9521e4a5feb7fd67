import { ProblemException } from '../platform/http/index.js';

/** The answer for what is missing and for what is another user's: the two can't be told apart. */
export function notFound(what: string): ProblemException {
  return new ProblemException(404, 'not_found', `There is no such ${what}.`);
}
