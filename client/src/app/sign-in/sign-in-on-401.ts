import { HttpErrorResponse, type HttpInterceptorFn } from '@angular/common/http';
import { inject } from '@angular/core';
import { Router } from '@angular/router';
import { catchError, throwError } from 'rxjs';
import { Session } from './session';

/** A session that ended anywhere leads to the sign-in page, and from there back. */
export const signInOn401: HttpInterceptorFn = (request, next) => {
  const router = inject(Router);
  const session = inject(Session);
  return next(request).pipe(
    catchError((error: unknown) => {
      const isAboutSession = request.url.endsWith('/api/v1/session');
      if (error instanceof HttpErrorResponse && error.status === 401 && !isAboutSession) {
        session.forget();
        if (!router.url.startsWith('/sign-in')) {
          void router.navigate(['/sign-in'], { queryParams: { returnUrl: router.url } });
        }
      }
      return throwError(() => error);
    }),
  );
};
