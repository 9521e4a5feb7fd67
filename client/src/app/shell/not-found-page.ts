import { ChangeDetectionStrategy, Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { EmptyState } from '../ui/empty-state';

/** An address that leads nowhere. */
@Component({
  imports: [EmptyState, MatButton, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="tl-page">
      <h1 class="tl-visually-hidden">Not found</h1>
      <tl-empty-state
        heading="There is nothing at this address"
        text="The link may be old, or what it led to was deleted."
      >
        <a matButton="filled" routerLink="/strategies">Go to your strategies</a>
      </tl-empty-state>
    </div>
  `,
})
export class NotFoundPage {}
