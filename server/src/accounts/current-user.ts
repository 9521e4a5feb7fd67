import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { SignedIn, SignedInRequest } from './signed-in.js';

/**
 * The {@link SignedIn} who made the request. Throws where the route is `@Public()`: a mistake of ours, never of the
 * client's.
 */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): SignedIn => {
  const { user } = context.switchToHttp().getRequest<SignedInRequest>();
  if (user === undefined)
    throw new Error('@CurrentUser() is used on a route that is @Public(); take one of them away.');
  return user;
});
