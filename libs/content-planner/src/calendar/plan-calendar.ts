import {
  type CalendarFinding,
  type ContentFormat,
  type Frequency,
  type Section,
  type TeamMember,
} from '@throughline/strategy-contract';
import { readOwnContent } from '../context/own-content.js';
import { readHorizon, readStart, type Horizon, type Start } from '../context/horizon.js';
import type { SectionContext } from '../context/section-context.js';
import { partial, ready, unavailable, type Supply } from '../findings/sections.js';
import { joinWords, sayWord } from '../findings/wording.js';
import { readSeasonality } from '../insights/season.js';
import { meaningfulTokens, type Corpus } from '../text/corpus.js';
import { readAcceptance } from './acceptance.js';
import type { Candidate } from './candidate.js';
import { TeamCapacity } from './capacity.js';
import { CalendarWriter } from './calendar-writer.js';
import {
  clusterCandidates,
  mergeCandidates,
  pillarCandidates,
  refreshCandidates,
  type OwnMaterial,
} from './content-candidates.js';
import { FormatShares } from './format-shares.js';
import { gapCandidates, journeyCandidates, needCandidates, painCandidates } from './need-candidates.js';
import { rankCandidates, type RankedItem } from './prioritize.js';
import { scheduleItems } from './schedule.js';
import { slotsOf, spanFrom, type Span } from './slots.js';
import { TopicFinder } from './topic-finder.js';

const HOURS_SUPPLY: Supply = {
  what: 'the team’s hours a week, and the hours that each role needs per format (business.team in the brief)',
  adds: 'a calendar that the team can keep, with the items that do not fit and why',
};

function findCandidates(context: SectionContext, material: OwnMaterial): Candidate[] {
  const { finder, corpus } = material;
  const audience = context.section('audience');
  const competition = context.section('competition');
  const voice = context.brief.read('content.voice') ?? 'professional';
  const personas = context.brief.read('audience.personas') ?? [];
  const journey = context.brief.read('audience.buyingJourney') ?? {};
  const industry = context.brief.read('business.industry');
  // Pain points with hardly a page are planned by themselves.
  const pains = audience === undefined ? [] : painCandidates(audience, finder, voice);
  const planned = new Set(pains.map(({ words }) => words.toLowerCase()));
  const answered = (context.brief.read('audience.painPoints') ?? []).filter(
    (text) => !planned.has(text.toLowerCase().replace(/\.$/, '')),
  );
  const listen = listenTo(answered, corpus);
  const painOf = (words: string): string | undefined => listen(words)[0];
  // The closest page of each answered pain point, with what it answers.
  const wanted = new Map(
    (audience?.findings ?? []).flatMap(({ kind, pages, title }) =>
      kind === 'pain_point' && pages[0] !== undefined && !planned.has(title.toLowerCase())
        ? [[pages[0].url, title] as const]
        : [],
    ),
  );
  return [
    ...pains,
    ...needCandidates(personas, finder, corpus),
    ...(audience === undefined ? [] : journeyCandidates(audience, journey, finder)),
    ...(competition === undefined ? [] : gapCandidates(competition, { finder, voice, industry, painOf })),
    ...pillarCandidates(material),
    ...clusterCandidates(material),
    ...refreshCandidates(material, wanted),
    ...mergeCandidates(material),
  ];
}

/** ln(pages ÷ pages with a word) from which on sharing the word says something. */
const TELLING_RARITY = 2;

/** Statements of the audience that some words speak to. */
type Listener = (words: string) => string[];

function listenTo(statements: readonly string[], corpus: Corpus): Listener {
  const stemsOf = (text: string) => new Set(meaningfulTokens(text, corpus.stopWords).map(({ stem }) => stem));
  const size = Math.max(1, corpus.documents.length);
  const rarity = (stem: string) => Math.log(size / Math.max(1, corpus.documentFrequency.get(stem) ?? 0));
  // Words that stand everywhere on the site ("agency" on a site for agencies) speak to nothing in particular.
  const least = size < 30 ? 0 : TELLING_RARITY;
  const heard = statements.map((statement) => ({ statement, stems: stemsOf(statement) }));
  return (words) => {
    const stems = stemsOf(words);
    return heard
      .filter(({ stems: stated }) => [...stated].some((stem) => stems.has(stem) && rarity(stem) >= least))
      .map(({ statement }) => statement);
  };
}

function readStatements(context: SectionContext): string[] {
  return [
    ...(context.brief.read('audience.painPoints') ?? []),
    ...(context.brief.read('business.objectives') ?? []),
    ...(context.brief.read('audience.personas') ?? []).flatMap(({ needs = [] }) => needs),
  ];
}

interface Means {
  capacity?: TeamCapacity;
  /** Formats that can be planned. */
  formats: ContentFormat[];
  /** Formats of the brief for which nobody states hours. */
  unknown: ContentFormat[];
}

function readMeans(team: readonly TeamMember[] | undefined, formats: ContentFormat[], span: Span): Means {
  if (team === undefined) return { formats, unknown: formats };
  const capacity = new TeamCapacity(team, span);
  const known = formats.filter((format) => capacity.hoursFor(format) !== undefined);
  // Hours a week without hours per item bound nothing.
  if (known.length === 0) return { formats, unknown: formats };
  return { capacity, formats: known, unknown: formats.filter((format) => !known.includes(format)) };
}

/** What a calendar does not hold, and what would fill it. */
interface Lack {
  reason: string;
  supply: Supply;
}

function lacksOf({ capacity, unknown }: Means, frequency: Frequency, hasEmptySlots: boolean): Lack[] {
  const lacks: Lack[] = [];
  if (capacity === undefined) {
    lacks.push({
      reason: `The brief does not say how many hours the team has and an item takes, so the calendar follows the stated frequency (${sayWord(frequency)}) unchecked.`,
      supply: HOURS_SUPPLY,
    });
  } else if (unknown.length > 0) {
    const formats = joinWords(unknown.map(sayWord));
    lacks.push({
      reason: `For ${formats} nobody states hours, so none is planned.`,
      supply: {
        what: `hours per ${joinWords(unknown.map(sayWord), 'and per')} for the roles that work on it (business.team in the brief)`,
        adds: 'these formats in the calendar',
      },
    });
  }
  if (hasEmptySlots) {
    lacks.push({
      reason: 'The brief and the content give reason for fewer items than there are days to publish on.',
      supply: {
        what: 'more of what the audience asks (pain points, needs of personas), your own content and a competitor’s',
        adds: 'items for the days that are still empty',
      },
    });
  }
  return lacks;
}

interface Frame {
  frequency: Frequency;
  peakMonths: number[];
  span: Span;
  start: Start;
  horizon: Horizon;
  country: string | undefined;
}

function readFrame(context: SectionContext): Frame {
  const { brief } = context;
  const start = readStart(context);
  const horizon = readHorizon(context);
  const country = brief.read('business.country');
  return {
    frequency: brief.read('content.frequency') ?? 'weekly',
    peakMonths: readSeasonality(brief.read('audience.seasonality') ?? []).months,
    span: spanFrom(start.day, horizon.weeks, country),
    start,
    horizon,
    country,
  };
}

function rankItems(context: SectionContext, { capacity, formats }: Means): RankedItem[] {
  const { brief } = context;
  const own = readOwnContent(context, true);
  const topics = context.section('topics');
  const finder = new TopicFinder(topics?.findings ?? [], own.pages, own.corpus);
  const candidates = findCandidates(context, { ...own, topics, today: context.today, finder });
  const mix = brief.read('content.mix');
  const preferences = brief.read('audience.preferences') ?? [];
  const listen = listenTo(readStatements(context), own.corpus);
  return rankCandidates(candidates, {
    reachOf: (words) => listen(words).length,
    shares: new FormatShares({ formats, preferences, ...(mix === undefined ? {} : { mix }) }),
    formatOfPages: formats.includes('article') ? 'article' : (formats[0] as ContentFormat),
    hoursFor: (format) => capacity?.hoursFor(format),
    isMixStated: mix !== undefined,
  });
}

/** What to write, refresh and merge, and when: by priority, within the hours and the frequency that the brief gives. */
export function planCalendar(context: SectionContext): Section<CalendarFinding> {
  const { brief } = context;
  const frame = readFrame(context);
  const { frequency, peakMonths, span } = frame;
  const means = readMeans(brief.read('business.team'), brief.read('content.formats') ?? ['article'], span);
  const bound = means.capacity === undefined ? {} : { capacity: means.capacity };
  const slots = slotsOf(span, frequency, brief.read('content.timing')?.weekdays);
  const items = rankItems(context, means);
  const placed = scheduleItems(items, { slots, frequency: sayWord(frequency), peakMonths, ...bound });
  const entries = placed.filter((one) => 'slot' in one).length;
  context.report({ done: 1, total: 1, message: `Placed ${entries} of ${items.length} items` });
  const writer = new CalendarWriter({
    ...frame,
    ...bound,
    acceptance: readAcceptance(context),
  });
  if (items.length === 0) {
    return unavailable(context, 'Neither the brief nor the content names anything to plan.', [
      { what: 'your own content, and a competitor’s', adds: 'topics, gaps and old pages to plan with' },
    ]);
  }
  const findings = writer.write(placed);
  const hasEmptySlots = entries < slots.length && entries === items.length;
  const lacks = lacksOf(means, frequency, hasEmptySlots);
  if (lacks.length === 0) return ready(context, findings);
  return partial(
    context,
    findings,
    lacks.map(({ reason }) => reason).join(' '),
    lacks.map(({ supply }) => supply),
  );
}
