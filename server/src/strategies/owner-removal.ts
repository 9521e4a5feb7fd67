import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Runs } from '@throughline/nest-runs';
import type { Subscription } from 'rxjs';
import { UserRemovals } from '../accounts/index.js';

/** Stops and removes the runs of a user who is removed; strategies go with the user's row. */
@Injectable()
export class OwnerRemoval implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('OwnerRemoval');
  private subscription?: Subscription;

  constructor(
    private readonly removals: UserRemovals,
    private readonly runs: Runs,
  ) {}

  onApplicationBootstrap(): void {
    this.subscription = this.removals.removed.subscribe((userId) => {
      this.runs.deleteByOwner(userId).catch((error: unknown) => {
        this.logger.error({ err: error, userId }, 'The runs of a removed user could not be deleted');
      });
    });
  }

  onModuleDestroy(): void {
    this.subscription?.unsubscribe();
  }
}
