import { inject } from '@angular/core';
import { type CanActivateFn, Router } from '@angular/router';
import { Session } from './session';

/** Lets in who is signed in; others go to the sign-in page and come back. */
export const signedInOnly: CanActivateFn = async (_route, state) => {
  const router = inject(Router);
  const session = inject(Session);
  const returnUrl = state.url === '/' ? {} : { returnUrl: state.url };
  try {
    if ((await session.load()) !== undefined) return true;
    return router.createUrlTree(['/sign-in'], { queryParams: returnUrl });
  } catch {
    // The server could not be asked: the sign-in page says so and offers to try again.
    return router.createUrlTree(['/sign-in'], { queryParams: { ...returnUrl, unreachable: true } });
  }
};

/** Lets in administrators. */
export const adminsOnly: CanActivateFn = () =>
  inject(Session).isAdmin() || inject(Router).createUrlTree(['/strategies']);
