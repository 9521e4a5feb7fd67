import type { EducationalContent } from '@throughline/sse-protocol';

/** Shown while the step `calendar` is being done. */
export const calendarCard: EducationalContent = {
  title: 'A calendar is a promise about hours',
  summary:
    'Work is put on days in order of worth, as long as there are hours for it: what your team has, less holidays, divided by what a piece takes.',
  details: [
    "Each idea is weighed by reach, impact and confidence against effort (RICE). Weak evidence halves the weight, so a guess can't push a known need aside.",
    'A pillar page comes before the pages that link to it; holidays and your weekdays are kept free or used as you said.',
    "What doesn't fit is listed with the reason. A plan that fits everything in has only hidden what will be late.",
  ],
  tip: 'Leave some of the hours unplanned. News, corrections and sick leave take them anyway.',
  sources: [
    { title: 'McBride, RICE: Simple prioritization for product managers, Intercom', year: 2018 },
    { title: 'Graham, Bounds on multiprocessing timing anomalies, SIAM Journal on Applied Mathematics 17', year: 1969 },
  ],
};
