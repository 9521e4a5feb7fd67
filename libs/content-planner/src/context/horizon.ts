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

/** The day from which is planned, and where it comes from. */
export interface Start {
  day: string;
  /** The brief's day, where it states one. */
  stated?: string;
}

/** The brief's day, or today where the brief states none or one that has passed: nothing can be done in the past. */
export function readStart(context: SectionContext): Start {
  const wanted = context.brief.read('business.startDate');
  if (wanted === undefined) return { day: context.today };
  return { day: wanted < context.today ? context.today : wanted, stated: wanted };
}
