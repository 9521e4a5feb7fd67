import { SECTION_KEYS, type SectionKey, type StrategyDocument } from '@throughline/strategy-contract';
import { count, joinWords } from './findings/wording.js';

const NAMES: Record<SectionKey, string> = {
  insights: 'insights',
  audience: 'the audience',
  competition: 'competitors',
  topics: 'topics',
  opportunities: 'search opportunities',
  calendar: 'the calendar',
  performance: 'performance',
  budget: 'the budget',
  roadmap: 'the roadmap',
  risks: 'risks',
};

/** Says in a sentence or two what a document holds and what it lacks, from the document alone. */
export function summarize(document: StrategyDocument): string {
  const { topics, competition, calendar, risks } = document;
  const pillars = topics.findings.filter(({ role }) => role === 'pillar').length;
  const gaps = competition.findings.filter(({ kind }) => kind === 'gap').length;
  const entries = calendar.findings.filter(({ kind }) => kind === 'entry');
  const dates = entries.map(({ date = '' }) => date).sort();
  const parts = [
    ...(pillars === 0 ? [] : [count(pillars, 'topic')]),
    ...(gaps === 0 ? [] : [count(gaps, 'gap')]),
    ...(entries.length === 0
      ? []
      : [`${count(entries.length, 'calendar item')} from ${dates[0]} to ${dates[dates.length - 1]}`]),
    ...(risks.findings.length === 0 ? [] : [count(risks.findings.length, 'risk')]),
  ];
  const missing = SECTION_KEYS.filter((key) => document[key].state === 'unavailable').map((key) => NAMES[key]);
  const incomplete = SECTION_KEYS.filter((key) => document[key].state === 'partial').map((key) => NAMES[key]);
  const has =
    parts.length === 0 ? 'Nothing could be planned from what was supplied.' : `The strategy has ${joinWords(parts)}.`;
  const lacks = [
    ...(missing.length === 0 ? [] : [`cannot yet say anything about ${joinWords(missing)}`]),
    ...(incomplete.length === 0 ? [] : [`is incomplete on ${joinWords(incomplete)}`]),
  ];
  return lacks.length === 0 ? has : `${has} It ${lacks.join(', and ')}; the gaps say what to supply.`;
}
