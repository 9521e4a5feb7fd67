import type { Routes } from '@angular/router';
import { adminsOnly, signedInOnly } from './sign-in/guards';

/** All screens; each is its own chunk. */
export const routes: Routes = [
  {
    path: 'sign-in',
    title: 'Sign in – Throughline',
    loadComponent: () => import('./sign-in/sign-in-page').then((m) => m.SignInPage),
  },
  {
    path: '',
    canActivate: [signedInOnly],
    loadComponent: () => import('./shell/shell').then((m) => m.Shell),
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'strategies' },
      {
        path: 'strategies',
        title: 'Strategies – Throughline',
        loadComponent: () => import('./strategies/strategies-page').then((m) => m.StrategiesPage),
      },
      {
        path: 'strategies/:id',
        pathMatch: 'full',
        title: 'Strategy – Throughline',
        loadComponent: () => import('./strategy/latest-version-page').then((m) => m.LatestVersionPage),
      },
      {
        path: 'strategies/:id/brief',
        title: 'Brief – Throughline',
        loadComponent: () => import('./brief/brief-page').then((m) => m.BriefPage),
      },
      {
        path: 'strategies/:id/versions/:version',
        title: 'Strategy – Throughline',
        loadComponent: () => import('./strategy/strategy-page').then((m) => m.StrategyPage),
      },
      {
        path: 'runs/:id',
        title: 'Run – Throughline',
        loadComponent: () => import('./live-run/live-run-page').then((m) => m.LiveRunPage),
      },
      {
        path: 'content',
        title: 'Content – Throughline',
        loadComponent: () => import('./content/content-page').then((m) => m.ContentPage),
      },
      {
        path: 'content/:id',
        title: 'Content – Throughline',
        loadComponent: () => import('./content/source-page').then((m) => m.SourcePage),
      },
      {
        path: 'operations',
        title: 'Operations – Throughline',
        canActivate: [adminsOnly],
        loadComponent: () => import('./operations/operations-page').then((m) => m.OperationsPage),
      },
      {
        path: '**',
        title: 'Not found – Throughline',
        loadComponent: () => import('./shell/not-found-page').then((m) => m.NotFoundPage),
      },
    ],
  },
];
