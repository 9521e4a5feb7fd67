import type { AudienceFinding, Figure, InsightFinding, Section, TopicFinding } from '@throughline/strategy-contract';
import type { OwnContent } from '../context/own-content.js';
import type { Page } from '../context/pages.js';
import { byNewest } from '../context/pages.js';
import type { SectionContext } from '../context/section-context.js';
import { monthsBefore } from '../findings/dates.js';
import { computed, counted, observed } from '../findings/figures.js';
import { fields, mergeInputs } from '../findings/inputs.js';
import { count, joinWords, quote, say, sayMonth, sayNumber } from '../findings/wording.js';
import { matchPages } from '../text/page-index.js';
import type { InsightDesk } from './insight-desk.js';

const pageCount = ({ figures }: { figures: Record<string, Figure> }): number =>
  (figures['pages']?.value as number | undefined) ?? 0;

/** How evenly the topics share the site, and which of them has gone quiet. */
export function planConcentration(desk: InsightDesk, topics: Section<TopicFinding> | undefined): InsightFinding[] {
  const pillars = (topics?.findings ?? []).filter(
    ({ role, stability }) => role === 'pillar' && stability !== undefined,
  );
  if (topics === undefined || pillars.length < 3) return [];
  const placed = pillars.reduce((sum, pillar) => sum + pageCount(pillar), 0);
  const top = [...pillars].sort((a, b) => pageCount(b) - pageCount(a)).slice(0, 3);
  const share = computed(
    top.reduce((sum, pillar) => sum + pageCount(pillar), 0) / placed,
    'share',
    'pages of the three largest topics ÷ pages in topics',
  );
  const evenness = computed(
    1 / pillars.reduce((sum, pillar) => sum + (pageCount(pillar) / placed) ** 2, 0),
    'topics',
    'inverse Herfindahl index of the topics’ shares',
  );
  const pillarCount = counted(pillars.length, 'topics', 'topics');
  const findings = [
    desk.insight('topics', {
      theme: 'concentration',
      title: `The three largest topics hold ${say(share)} of what is published`,
      why: `They are ${joinWords(top.map(({ title }) => quote(title)))}; the ${say(pillarCount)} weigh as much as ${sayNumber(evenness)} of equal size.`,
      method: 'Shares of the topics, and their inverse Herfindahl index',
      figures: { topThree: share, effectiveTopics: evenness, topics: pillarCount },
      confidence: 'medium',
      inputs: topics.inputsUsed,
    }),
  ];
  return [...findings, ...planQuietTopics(desk, topics, pillars)];
}

function planQuietTopics(desk: InsightDesk, topics: Section<TopicFinding>, pillars: TopicFinding[]): InsightFinding[] {
  const newestOf = ({ pages }: TopicFinding): string =>
    [...pages]
      .map(({ published = '' }) => published)
      .sort()
      .pop() ?? '';
  const limit = monthsBefore(desk.today, 36);
  const quiet = pillars
    .map((topic) => ({ topic, newest: newestOf(topic) }))
    .filter(({ newest }) => newest !== '' && newest < limit)
    .sort((a, b) => (a.newest < b.newest ? -1 : 1));
  const [first] = quiet;
  if (first === undefined) return [];
  const pages = observed(pageCount(first.topic), 'pages');
  const quietTopics = counted(quiet.length, 'topics', 'topics');
  return [
    desk.insight('quiet topics', {
      theme: 'concentration',
      title:
        quiet.length === 1
          ? `One topic has gone quiet: ${first.topic.title}`
          : `${say(quietTopics)} have gone quiet, ${quote(first.topic.title)} longest`,
      why: `The newest of its ${say(pages)} is from ${sayMonth(first.newest)}${quiet.length > 1 ? `, that on ${joinWords(quiet.slice(1, 4).map(({ topic, newest }) => `${quote(topic.title)} from ${sayMonth(newest)}`))}` : ''}.`,
      method: 'Date of the newest page of each topic; quiet is one older than three years',
      figures: { pages, quietTopics },
      confidence: 'medium',
      inputs: topics.inputsUsed,
      pages: first.topic.pages
        .map((ref) => desk.pages.find(({ url }) => url === ref.url))
        .filter((page): page is Page => page !== undefined)
        .sort(byNewest),
    }),
  ];
}

/** How many of the audience's pain points have pages. */
export function planNeedCoverage(desk: InsightDesk, audience: Section<AudienceFinding> | undefined): InsightFinding[] {
  const points = (audience?.findings ?? []).filter(
    ({ kind, figures }) => kind === 'pain_point' && figures['pages'] !== undefined,
  );
  if (audience === undefined || points.length === 0) return [];
  const open = points.filter((point) => pageCount(point) === 0);
  const answered = counted(points.length - open.length, 'statements', 'findings');
  const total = counted(points.length, 'statements', 'brief');
  return [
    desk.insight('pain points', {
      theme: 'coverage',
      title:
        open.length === 0
          ? 'Every pain point has a page'
          : open.length === points.length
            ? 'No pain point has a page yet'
            : `${sayNumber(answered)} of ${sayNumber(total)} pain points ${answered.value === 1 ? 'has' : 'have'} a page`,
      why:
        open.length === 0
          ? `The thinnest is ${quote([...points].sort((a, b) => pageCount(a) - pageCount(b))[0]?.title ?? '')}.`
          : `Nothing on the site shares the words of ${joinWords(
              open.slice(0, 3).map(({ title }) => quote(title)),
              'or',
            )}.`,
      method: 'Pain points of the brief with at least one matching page',
      figures: { answered, painPoints: total },
      confidence: 'medium',
      inputs: audience.inputsUsed,
    }),
  ];
}

/** Which pages speak to each objective and to the industry. */
export function planGoalCoverage(context: SectionContext, desk: InsightDesk, own: OwnContent): InsightFinding[] {
  const objectives = context.brief.read('business.objectives') ?? [];
  const industry = context.brief.read('business.industry');
  const lookUp = (text: string): Page[] => matchPages(own.corpus, text).map(({ page }) => own.pages[page] as Page);
  const goals = objectives.map((objective) => {
    const pages = lookUp(objective);
    const matched = observed(pages.length, 'pages');
    return desk.insight(objective, {
      theme: 'goal',
      title: `${pages.length === 0 ? 'No page speaks' : `${count(pages.length, 'page')} ${pages.length === 1 ? 'speaks' : 'speak'}`} to the objective ${quote(objective)}`,
      why:
        pages.length === 0
          ? 'The objective’s own words are on no page; content for it has to be planned anew.'
          : `${pages.length === 1 ? 'It shares' : 'They share'} its words, so there is something to build on or link from.`,
      method: 'Pages that share words with it (stems weighed by idf)',
      figures: { pages: matched },
      confidence: 'low',
      assumptions: ['Words are compared, not meanings.'],
      inputs: fields('business.objectives'),
      pages,
    });
  });
  if (industry === undefined) return goals;
  const pages = lookUp(industry);
  const matched = observed(pages.length, 'pages');
  return [
    ...goals,
    desk.insight('industry', {
      theme: 'coverage',
      title: `${pages.length === 0 ? 'No page names' : `${count(pages.length, 'page')} ${pages.length === 1 ? 'names' : 'name'}`} the industry, ${quote(industry)}`,
      why:
        pages.length === 0
          ? 'A reader from the industry does not find its name on any page.'
          : `${pages.length === 1 ? 'It shares' : 'They share'} its words, out of ${say(observed(own.pages.length, 'pages'))}.`,
      method: 'Pages that share words with it (stems weighed by idf)',
      figures: { pages: matched, sitePages: observed(own.pages.length, 'pages') },
      confidence: 'low',
      inputs: mergeInputs(fields('business.industry')),
      pages,
    }),
  ];
}
