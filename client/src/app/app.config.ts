import { provideHttpClient, withInterceptors, withNoXsrfProtection } from '@angular/common/http';
import { type ApplicationConfig, inject, provideBrowserGlobalErrorListeners } from '@angular/core';
import { provideRouter, withComponentInputBinding, withInMemoryScrolling } from '@angular/router';
import { provideSse, withCrossTabSharing, withPollingFallback, withTransport } from '@throughline/ngx-sse';
import { routes } from './app.routes';
import { Session } from './sign-in/session';
import { signInOn401 } from './sign-in/sign-in-on-401';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter(
      routes,
      withComponentInputBinding(),
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled', anchorScrolling: 'enabled' }),
    ),
    // The server checks the Origin of each request, so there is no token to read from a cookie.
    provideHttpClient(withNoXsrfProtection(), withInterceptors([signInOn401])),
    provideSse(
      withPollingFallback(),
      withTransport(() => inject(Session).transport()),
      withCrossTabSharing({ scope: () => inject(Session).info()?.user.id }),
    ),
  ],
};
