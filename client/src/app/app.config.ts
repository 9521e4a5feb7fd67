import { provideHttpClient, withInterceptors, withNoXsrfProtection } from '@angular/common/http';
import { type ApplicationConfig, inject, provideBrowserGlobalErrorListeners } from '@angular/core';
import { provideRouter, withComponentInputBinding, withInMemoryScrolling } from '@angular/router';
import {
  DEFAULT_SSE_CONFIG,
  SSE_CONFIG,
  withCrossTabSharing,
  withPollingFallback,
  withTransport,
} from '@throughline/ngx-sse';
import { routes } from './app.routes';
import { Session } from './sign-in/session';
import { signInOn401 } from './sign-in/sign-in-on-401';

/** As `provideSse` would make it, but by a factory that can inject the session: it knows the transport, and the user. */
function streamConfig() {
  const session = inject(Session);
  const features = [
    withPollingFallback(),
    withTransport(() => session.transport()),
    withCrossTabSharing({ scope: () => session.info()?.user.id }),
  ];
  return features.reduce((config, feature) => feature.apply(config), DEFAULT_SSE_CONFIG);
}

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
    { provide: SSE_CONFIG, useFactory: streamConfig },
  ],
};
