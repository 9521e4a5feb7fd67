import type { SectionKey } from './document.js';

/** A step of a generation run. */
export interface GenerationStep {
  id: string;
  title: string;
  /** The sections that it makes. */
  sections: readonly SectionKey[];
  after: readonly string[];
}

/** The steps of a generation run, in the order of their dependencies. */
export const GENERATION_STEPS = [
  { id: 'context', title: 'Reading the brief and the content', sections: ['audience'], after: [] },
  { id: 'topics', title: 'Finding the topics', sections: ['topics'], after: ['context'] },
  {
    id: 'insights',
    title: 'Reading what the content shows',
    sections: ['insights', 'opportunities'],
    after: ['topics'],
  },
  { id: 'competition', title: 'Comparing competitors', sections: ['competition'], after: ['topics'] },
  { id: 'calendar', title: 'Planning the calendar', sections: ['calendar'], after: ['insights', 'competition'] },
  { id: 'performance', title: 'Working back from the goals', sections: ['performance', 'budget'], after: ['calendar'] },
  { id: 'roadmap', title: 'Ordering the work', sections: ['roadmap'], after: ['calendar'] },
  { id: 'risks', title: 'Checking the risks', sections: ['risks'], after: ['performance', 'roadmap'] },
  { id: 'compile', title: 'Putting the strategy together', sections: [], after: ['risks'] },
] as const satisfies readonly GenerationStep[];
export type GenerationStepId = (typeof GENERATION_STEPS)[number]['id'];
