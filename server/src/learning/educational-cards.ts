import type { EducationalContent } from '@throughline/sse-protocol';
import type { GenerationStepId } from '@throughline/strategy-contract';
import { calendarCard } from './cards/calendar.js';
import { compileCard } from './cards/compile.js';
import { competitionCard } from './cards/competition.js';
import { contextCard } from './cards/context.js';
import { insightsCard } from './cards/insights.js';
import { performanceCard } from './cards/performance.js';
import { risksCard } from './cards/risks.js';
import { roadmapCard } from './cards/roadmap.js';
import { topicsCard } from './cards/topics.js';

/** What a person can learn while a step is being done, by step id: a card can't be shown for another step. */
export const educationalCards: Readonly<Record<GenerationStepId, EducationalContent>> = {
  context: contextCard,
  topics: topicsCard,
  insights: insightsCard,
  competition: competitionCard,
  calendar: calendarCard,
  performance: performanceCard,
  roadmap: roadmapCard,
  risks: risksCard,
  compile: compileCard,
};
