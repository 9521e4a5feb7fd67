import type { EducationalContent } from '@throughline/sse-protocol';

/** Shown while the step `roadmap` is being done. */
export const roadmapCard: EducationalContent = {
  title: 'Find the chain that sets the end',
  summary:
    'The work is laid out by what must wait for what. The longest chain decides when you are done; everything beside it has slack.',
  details: [
    "A task on the critical path that slips by a week moves the end by a week. One with slack doesn't, until the slack is used.",
    'No ranges are made up: without estimates of yours, tasks get the hours that your brief gives to each format, or only an order.',
    'Milestones are placed where a result can be judged, not at round dates.',
  ],
  tip: 'When time runs short, shorten the chain: publish the pillar page first in a plain form. Working harder beside the chain brings nothing forward.',
  sources: [
    { title: 'Kelley & Walker, Critical-path planning and scheduling, Eastern Joint Computer Conference', year: 1959 },
  ],
};
