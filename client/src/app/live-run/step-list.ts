import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import type { StepStatus } from '@throughline/strategy-contract';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icons';
import { formatDuration } from '../ui/times';
import type { StepState } from './run-state';

const LOOKS: Record<StepStatus, { icon: IconName; label: string }> = {
  pending: { icon: 'dot', label: 'To do' },
  running: { icon: 'play', label: 'Under way' },
  finished: { icon: 'check', label: 'Done' },
  failed: { icon: 'alert', label: 'Failed' },
  skipped: { icon: 'skip', label: 'Skipped' },
  reused: { icon: 'reuse', label: 'Reused' },
};

/** The steps of a run along one line. State is in words and an icon, never in colour alone. */
@Component({
  selector: 'tl-step-list',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ol class="steps">
      @for (step of steps(); track step.id) {
        <li [attr.data-status]="step.status" [attr.aria-current]="step.status === 'running' ? 'step' : null">
          <span class="node"><tl-icon [name]="looks[step.status].icon" /></span>
          <div>
            <p class="title">{{ step.title }}</p>
            <p class="tl-small tl-quiet">
              {{ looks[step.status].label }}
              @if (duration(step); as length) {
                <span class="tl-tabular">· {{ length }}</span>
              }
            </p>
            @if (step.status === 'running' && step.message) {
              <p class="tl-small message">{{ step.message }}</p>
            }
            @if (step.error; as error) {
              <p class="tl-small failed">{{ error.message }}</p>
            }
            @if (step.reason; as reason) {
              <p class="tl-small message">{{ reason }}</p>
            }
          </div>
        </li>
      }
    </ol>
  `,
  styleUrl: './step-list.css',
})
export class StepList {
  readonly steps = input.required<readonly StepState[]>();
  protected readonly looks = LOOKS;

  protected duration(step: StepState): string | undefined {
    if (step.status !== 'finished' || step.startedAt === undefined || step.finishedAt === undefined) return undefined;
    const ms = Date.parse(step.finishedAt) - Date.parse(step.startedAt);
    return ms < 1000 ? 'under 1 s' : formatDuration(ms);
  }
}
