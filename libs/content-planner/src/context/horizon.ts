import { DEFAULT_HORIZON_WEEKS, type Figure } from '@throughline/strategy-contract';
import { assumed, stated } from '../findings/figures.js';
import type { SectionContext } from './section-context.js';

/** How long is planned for, and who says so. */
export interface Horizon {
  weeks: number;
  figure: Figure;
}

/** Weeks of the plan: the brief's, or else the product's default. */
export function readHorizon(context: SectionContext): Horizon {
  const weeks = context.brief.read('business.horizonWeeks');
  return weeks === undefined
    ? { weeks: DEFAULT_HORIZON_WEEKS, figure: assumed(DEFAULT_HORIZON_WEEKS, 'weeks') }
    : { weeks, figure: stated(weeks, 'weeks') };
}

/** The day from which is planned: the brief's, or else today. */
export function readStart(context: SectionContext): { day: string; isStated: boolean } {
  const day = context.brief.read('business.startDate');
  return day === undefined ? { day: context.today, isStated: false } : { day, isStated: true };
}
