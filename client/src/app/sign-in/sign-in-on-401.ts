import { HttpErrorResponse, type HttpInterceptorFn } from '@angular/common/http';
import { Injector, inject } from '@angular/core';
import { catchError, throwError } from 'rxjs';
import { SessionEnd } from './session-end';

/** A request that is refused because the session ended leads to the sign-in page. */
export const signInOn401: HttpInterceptorFn = (request, next) => {
  // Asked for only when needed: the session itself makes requests.
  const injector = inject(Injector);
  const isAboutSession = request.url.endsWith('/api/v1/session');
  return next(request).pipe(
    catchError((error: unknown) => {
      if (error instanceof HttpErrorResponse && error.status === 401 && !isAboutSession) {
        injector.get(SessionEnd).take();
      }
      return throwError(() => error);
    }),
  );
};
