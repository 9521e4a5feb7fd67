import type { RunStatus } from '@throughline/sse-protocol';
import type { IconName } from './icons';

/** How a state looks and reads: never by colour alone. */
export interface StateLook {
  label: string;
  icon: IconName;
  tone: 'quiet' | 'live' | 'good' | 'warn' | 'bad';
}

/** Looks of a run's states. */
export const RUN_STATUS_LOOKS: Record<RunStatus, StateLook> = {
  queued: { label: 'Waiting to start', icon: 'clock', tone: 'live' },
  running: { label: 'Being made', icon: 'sparkle', tone: 'live' },
  cancelling: { label: 'Stopping', icon: 'clock', tone: 'warn' },
  succeeded: { label: 'Ready', icon: 'check', tone: 'good' },
  succeeded_with_gaps: { label: 'Ready, with gaps', icon: 'info', tone: 'warn' },
  failed: { label: 'Failed', icon: 'alert', tone: 'bad' },
  cancelled: { label: 'Cancelled', icon: 'close', tone: 'quiet' },
};
