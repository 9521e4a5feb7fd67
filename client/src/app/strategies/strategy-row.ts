import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { isTerminal } from '@throughline/sse-protocol';
import type { Strategy } from '@throughline/strategy-contract';
import { Icon } from '../ui/icon';
import { RUN_STATUS_LOOKS, type StateLook } from '../ui/run-status';
import { StatusChip } from '../ui/status-chip';
import { timeAgo } from '../ui/times';

const DRAFT: StateLook = { label: 'Brief', icon: 'edit', tone: 'quiet' };

/** One strategy in the list: name, state, progress of a live run, last change. */
@Component({
  selector: 'tl-strategy-row',
  imports: [Icon, MatIconButton, MatMenu, MatMenuItem, MatMenuTrigger, RouterLink, StatusChip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './strategy-row.html',
  styleUrl: './strategy-row.css',
})
export class StrategyRow {
  readonly strategy = input.required<Strategy>();
  /** Milliseconds. */
  readonly now = input.required<number>();
  readonly deleted = output();

  protected readonly isLive = computed(() => {
    const run = this.strategy().lastRun;
    return run !== undefined && !isTerminal(run.status);
  });
  protected readonly look = computed(() => {
    const run = this.strategy().lastRun;
    return run === undefined ? DRAFT : RUN_STATUS_LOOKS[run.status];
  });
  protected readonly changed = computed(() => timeAgo(this.strategy().updatedAt, this.now()));
  /** A live run is what one wants to see; then the result; then the brief. */
  protected readonly link = computed(() => {
    const { id, lastRun, latestVersion } = this.strategy();
    if (this.isLive()) return ['/runs', lastRun!.id];
    if (latestVersion !== undefined) return ['/strategies', id, 'versions', latestVersion];
    if (lastRun?.status === 'failed') return ['/runs', lastRun.id];
    return ['/strategies', id, 'brief'];
  });
}
