import type {
  CalendarFinding,
  Figure,
  RoadmapFinding,
  Section,
  TargetMetric,
  TopicFinding,
} from '@throughline/strategy-contract';
import type { BriefPath } from '../context/brief-reader.js';
import { readAcceptance } from '../calendar/acceptance.js';
import { readStart } from '../context/horizon.js';
import type { SectionContext } from '../context/section-context.js';
import { addDays, daysBetween } from '../findings/dates.js';
import { computed, counted, stated } from '../findings/figures.js';
import { identifiers } from '../findings/identifiers.js';
import { fields, mergeInputs } from '../findings/inputs.js';
import { ready, unavailable } from '../findings/sections.js';
import { capitalize, joinWords, quote, say, sayMonth, formatPlural } from '../findings/wording.js';
import { criticalPath } from './critical-path.js';

const LEAST_TOGETHER = 2;
const MOST_TOPICS = 8;

type Draft = Omit<RoadmapFinding, 'kind' | 'isCritical' | 'method' | 'confidence' | 'assumptions'> & {
  assumptions?: string[];
};

interface Stage {
  key: string;
  title: string;
  entries: CalendarFinding[];
}

const datesOf = (entries: readonly CalendarFinding[]): string[] => entries.map(({ date = '' }) => date).sort();

function sortIntoStages(entries: readonly CalendarFinding[], topics: readonly TopicFinding[]): Stage[] {
  const byId = new Map(topics.map((topic) => [topic.id, topic]));
  const written = entries.filter(({ action }) => action === 'write');
  const upkeep = entries.filter(({ action }) => action !== 'write');
  const groups = new Map<string, CalendarFinding[]>();
  for (const entry of written) {
    const topic = byId.get(entry.topicId);
    const key = topic?.parentId ?? topic?.id ?? '';
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  const together = [...groups]
    .filter(([key, group]) => key !== '' && group.length >= LEAST_TOGETHER)
    .sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
    .slice(0, MOST_TOPICS);
  const placed = new Set(together.flatMap(([, group]) => group));
  const others = written.filter((entry) => !placed.has(entry));
  return [
    ...together.map(([key, group]): Stage => ({
      key,
      title: `Build out ${quote(byId.get(key)?.title ?? key)}`,
      entries: group,
    })),
    ...(others.length === 0
      ? []
      : [
          {
            key: 'other',
            title: together.length === 0 ? 'Publish the planned items' : 'Open new ground',
            entries: others,
          },
        ]),
    ...(upkeep.length === 0 ? [] : [{ key: 'upkeep', title: 'Bring old pages up to date', entries: upkeep }]),
  ].sort((a, b) => ((datesOf(a.entries)[0] as string) < (datesOf(b.entries)[0] as string) ? -1 : 1));
}

type Preparation = Pick<Draft, 'title' | 'why' | 'figures'> & { key: string; cited: BriefPath[] };

/** Draws up milestones in their order. */
class RoadmapWriter {
  private readonly id = identifiers('roadmap');
  readonly drafts: Draft[] = [];

  constructor(
    private readonly calendar: Section<CalendarFinding>,
    private readonly start: string,
  ) {}

  add(key: string, draft: Omit<Draft, 'id'>): string {
    const id = this.id(key);
    this.drafts.push({ id, ...draft });
    return id;
  }

  /** What has to be done before the first item comes out. */
  prepare(first: string, { key, cited, ...draft }: Preparation): string {
    return this.add(key, {
      ...draft,
      inputsUsed: mergeInputs(fields(...cited), this.calendar.inputsUsed),
      dependsOn: [],
      start: this.start <= first ? this.start : first,
      end: addDays(first, -1) < this.start ? first : addDays(first, -1),
      assumptions: ['It has to be done before the first item comes out; how long it takes is not stated.'],
    });
  }

  stage({ key, title, entries }: Stage, dependsOn: string[]): string {
    const dates = datesOf(entries);
    const [first, last] = [dates[0] as string, dates[dates.length - 1] as string];
    const items = counted(entries.length, 'items', 'calendar');
    return this.add(key, {
      title,
      why: `${capitalize(say(items))}, ${entries.length > 1 ? `from ${quote(entries[0]?.title ?? '')} ${sayMonth(first) === sayMonth(last) ? '' : `in ${sayMonth(first)} `}to ${quote(entries[entries.length - 1]?.title ?? '')} in ${sayMonth(last)}` : `${quote(entries[0]?.title ?? '')} in ${sayMonth(first)}`}.`,
      inputsUsed: this.calendar.inputsUsed,
      figures: { items },
      dependsOn,
      start: first,
      end: last,
    });
  }

  finish(): RoadmapFinding[] {
    const days = ({ start, end }: Draft): number =>
      start === undefined || end === undefined ? 0 : Math.max(0, daysBetween(start, end)) + 1;
    const critical = criticalPath(
      this.drafts.map((draft) => ({ id: draft.id, dependsOn: draft.dependsOn, days: days(draft) })),
    );
    return this.drafts.map(({ assumptions = [], figures, ...draft }): RoadmapFinding => {
      const length =
        draft.start === undefined || draft.end === undefined
          ? {}
          : { length: computed(days({ ...draft, figures }), 'days', 'from the first day to the last') };
      return {
        ...draft,
        kind: 'milestone',
        method: 'Dates of the calendar; dependencies as a graph, its longest way in days is critical',
        confidence: 'medium',
        assumptions,
        figures: { ...figures, ...length } as Record<string, Figure>,
        isCritical: critical.has(draft.id),
      };
    });
  }
}

function checkOn(
  metric: TargetMetric & { by: string },
  writer: RoadmapWriter,
  calendar: Section<CalendarFinding>,
  stages: ReadonlyMap<string, string>,
): string {
  // Only what has come out by then can show in the figure.
  const before = [...stages].filter(([, end]) => end <= metric.by).map(([id]) => id);
  return writer.add(`check ${metric.name}`, {
    title: `Check ${quote(metric.name)} against its target`,
    why: `By the brief the target is to be reached in ${sayMonth(metric.by)}.`,
    inputsUsed: mergeInputs(fields('business.targetMetrics'), calendar.inputsUsed),
    figures: {},
    dependsOn: before,
    start: metric.by,
    end: metric.by,
  });
}

/** The mix as figures by format, and as a sentence. */
function readMix(context: SectionContext): { figures: Record<string, Figure>; rules: string[] } {
  const shares = Object.entries(context.brief.read('content.mix') ?? {}).map(
    ([format, share]) => [format, stated(share, 'percent')] as const,
  );
  const told = joinWords(shares.map(([format, figure]) => `${say(figure)} ${formatPlural(format)}`));
  return {
    figures: Object.fromEntries(shares),
    rules: shares.length === 0 ? [] : [`Over all items, a mix of ${told}.`],
  };
}

function sayMeasurement(context: SectionContext, metrics: readonly TargetMetric[]): string {
  const sources = context.brief.read('analytics.trafficSources');
  const isTesting = context.brief.read('analytics.testing');
  const missing = metrics.filter(({ baseline }) => baseline === undefined).map(({ name }) => quote(name));
  const measure =
    missing.length === 0
      ? `record where ${joinWords(metrics.map(({ name }) => quote(name)))} ${metrics.length === 1 ? 'stands' : 'stand'} today`
      : `find out where ${joinWords(missing)} ${missing.length === 1 ? 'stands' : 'stand'} today`;
  const by = sources === undefined ? '' : `, separately for ${joinWords(sources.map(quote))}`;
  const test =
    isTesting === true
      ? ', and set up the tests that the brief asks for'
      : isTesting === false
        ? '; the brief asks for no tests'
        : '';
  return `Before the first item comes out, ${measure}${by}${test}.`;
}

function prepareFor(context: SectionContext, metrics: readonly TargetMetric[]): [Preparation, Preparation] {
  const acceptance = readAcceptance(context);
  const mix = readMix(context);
  const rules = [...acceptance.rules, ...mix.rules].map((rule) => rule.replace(/\.$/, ''));
  return [
    {
      key: 'checklist',
      title: 'Agree what “done” means',
      why: `Before the first item comes out, all who work on it have to agree on what the brief asks of each: ${rules.map((rule) => `${rule.charAt(0).toLowerCase()}${rule.slice(1)}`).join('; ')}.`,
      figures: mix.figures,
      cited: [...acceptance.fields, 'content.mix'],
    },
    {
      key: 'measurement',
      title: 'Set up measurement',
      why: sayMeasurement(context, metrics),
      figures: {},
      cited: ['business.targetMetrics', 'analytics.trafficSources', 'analytics.testing'],
    },
  ];
}

/** Milestones over the calendar, what each waits for, and the longest way through them. */
export function planRoadmap(context: SectionContext): Section<RoadmapFinding> {
  const metrics = context.brief.read('business.targetMetrics') ?? [];
  const objectives = context.brief.read('business.objectives') ?? [];
  const calendar = context.section('calendar');
  const topics = context.section('topics');
  const entries = (calendar?.findings ?? []).filter(({ kind, date }) => kind === 'entry' && date !== undefined);
  if (calendar === undefined || entries.length === 0) {
    return unavailable(context, 'There is no calendar to lay out.', [
      { what: 'what the calendar lacks', adds: 'milestones with dates' },
    ]);
  }
  const dates = datesOf(entries);
  const [first, last] = [dates[0] as string, dates[dates.length - 1] as string];
  const writer = new RoadmapWriter(calendar, readStart(context).day);
  const [checklist, measurement] = prepareFor(context, metrics).map((preparation) =>
    writer.prepare(first, preparation),
  ) as [string, string];
  const ends = new Map<string, string>();
  for (const stage of sortIntoStages(entries, topics?.findings ?? [])) {
    const id = writer.stage(stage, [checklist]);
    ends.set(id, datesOf(stage.entries).pop() as string);
  }
  const checks = metrics
    .filter((metric): metric is TargetMetric & { by: string } => metric.by !== undefined)
    .map((metric) => checkOn(metric, writer, calendar, ends));
  writer.add('review', {
    title: 'Review and plan anew',
    why: `The last item comes out in ${sayMonth(last)}; hold what was measured against ${joinWords(objectives.map(quote))}, and plan the next months by it.`,
    inputsUsed: mergeInputs(fields('business.objectives'), calendar.inputsUsed),
    figures: {},
    dependsOn: [
      measurement,
      ...ends.keys(),
      ...checks.filter((id) => (writer.drafts.find((draft) => draft.id === id)?.start ?? '') <= last),
    ],
    start: last,
    end: addDays(last, 7),
  });
  context.report({ done: 1, total: 1, message: `Laid out ${writer.drafts.length} milestones` });
  return ready(context, writer.finish());
}
