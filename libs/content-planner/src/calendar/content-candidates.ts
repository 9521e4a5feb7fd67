import type { Confidence, Figure, PageRef, Section, TopicFinding } from '@throughline/strategy-contract';
import { lastTouched, pageRef, type Page } from '../context/pages.js';
import { DAYS_PER_MONTH, daysBetween, monthsBefore } from '../findings/dates.js';
import { computed, observed } from '../findings/figures.js';
import { mergeInputs, pageRows } from '../findings/inputs.js';
import { capitalize, joinWords, quote, say, sayMonth } from '../findings/wording.js';
import type { Corpus } from '../text/corpus.js';
import type { SparseRow } from '../numeric/truncated-svd.js';
import { cosine, weighTerms } from '../text/weigh-terms.js';
import type { Candidate } from './candidate.js';
import { overviewTitle, themeTitle } from './titles.js';
import type { TopicFinder } from './topic-finder.js';

/** What the candidates from one's own pages are found in. */
export interface OwnMaterial {
  pages: readonly Page[];
  corpus: Corpus;
  topics: Section<TopicFinding> | undefined;
  finder: TopicFinder;
  today: string;
}

const OLD_MONTHS = 24;
const MOST_REFRESHES = 15;
/** Pages of a topic that count as typical of it. */
const MOST_CENTRAL = 6;
const MOST_MERGES = 6;
const MOST_CLUSTERS = 8;
/** Titles of pages that lead through a topic already. */
const OVERVIEW = /\b(?:overview|introduction to|guide to|complete guide|start here|everything (?:about|you))\b/i;
/** Titles of pages that were news, or somebody's words: they are of their day, and not to be brought up to date. */
const OF_ITS_DAY =
  /\b(?:announc\w+|launch(?:es|ed)|hiring|jobs?|applications?|deadline|awards?|welcome|hello|recap|anniversary|birthday|year in review|interview|(?:conversation|questions|q&a) with|ready to launch|checks? in with)\b/i;
const THIN_CLUSTER = 5;
/** Cosine of title and excerpt from which on two pages say the same. */
const NEAR_DUPLICATE = 0.8;
/** Pages with fewer terms say too little to be compared. */
const LEAST_TERMS = 4;
const BLOCKING_TERMS = 4;

interface Pair {
  first: number;
  second: number;
  similarity: number;
}

const pagesOf = ({ figures }: TopicFinding): Figure => figures['pages'] as Figure;

/** An overview page for each topic that is found again in subsamples, before more is written within it. */
export function pillarCandidates({ topics, pages }: OwnMaterial): Candidate[] {
  const partsOf = ({ id }: TopicFinding): string[] =>
    (topics?.findings ?? []).flatMap(({ parentId, title }) => (parentId === id ? [quote(title)] : []));
  const pillars = (topics?.findings ?? []).filter(
    ({ role, stability, confidence, pages: refs }) =>
      role === 'pillar' &&
      stability !== undefined &&
      confidence !== 'low' &&
      !refs.some(({ title }) => OVERVIEW.test(title)),
  );
  return pillars.map((pillar): Candidate => ({
    key: `pillar ${pillar.id}`,
    reason: 'pillar',
    action: 'write',
    topicId: pillar.id,
    title: (format) => overviewTitle(pillar.title, format),
    why: `${capitalize(say(pagesOf(pillar)))} are on the topic, and no title among them reads like an overview; let one page lead through them${sayParts(partsOf(pillar))}, starting from ${quote(pillar.pages[0]?.title ?? '')}.`,
    words: `${pillar.title} ${pillar.terms.join(' ')}`,
    confidence: pillar.confidence,
    figures: { pages: pagesOf(pillar) },
    inputs: mergeInputs(topics?.inputsUsed ?? [], pageRows(pages, 'pages')),
    isDeep: true,
  }));
}

const sayParts = (parts: readonly string[]): string => (parts.length === 0 ? '' : ` by way of ${joinWords(parts)}`);

/** Clusters that have few pages within a strong topic. */
export function clusterCandidates({ topics, pages }: OwnMaterial): Candidate[] {
  const byId = new Map((topics?.findings ?? []).map((topic) => [topic.id, topic]));
  return [...byId.values()]
    .filter(({ role, parentId }) => role === 'cluster' && byId.get(parentId ?? '')?.confidence === 'high')
    .filter((cluster) => (pagesOf(cluster).value as number) <= THIN_CLUSTER)
    .slice(0, MOST_CLUSTERS)
    .map((cluster): Candidate => {
      const pillar = byId.get(cluster.parentId as string) as TopicFinding;
      return {
        key: `cluster ${cluster.id}`,
        reason: 'cluster',
        action: 'write',
        topicId: cluster.id,
        title: (format) => themeTitle({ theme: cluster.title, industry: undefined, isKnown: true }, format),
        why: `Within ${quote(pillar.title)}, a topic of ${say(pagesOf(pillar))}, only ${say(pagesOf(cluster))} are about it.`,
        words: `${cluster.title} ${cluster.terms.join(' ')}`,
        confidence: 'medium',
        figures: { pages: pagesOf(cluster), pillarPages: pagesOf(pillar) },
        inputs: mergeInputs(topics?.inputsUsed ?? [], pageRows(pages, 'pages')),
        after: `pillar ${pillar.id}`,
      };
    });
}

function confidenceOfAge(months: number): Confidence {
  return months >= 48 ? 'high' : 'medium';
}

/** Old pages that stand at the centre of strong topics, or that answer what the audience asks. */
export function refreshCandidates(material: OwnMaterial, wanted: ReadonlyMap<string, string>): Candidate[] {
  const { pages, topics, today } = material;
  const limit = monthsBefore(today, OLD_MONTHS);
  const byUrl = new Map(pages.map((page) => [page.url, page]));
  const isOld = ({ url }: PageRef): boolean => {
    const page = byUrl.get(url);
    const touched = page === undefined ? undefined : lastTouched(page);
    return touched !== undefined && touched < limit;
  };
  const strong = (topics?.findings ?? []).filter(({ role, confidence }) => role === 'pillar' && confidence === 'high');
  const central = strong.map((topic) => ({
    topic,
    refs: topic.pages.slice(0, MOST_CENTRAL).filter((ref) => isOld(ref) && !OF_ITS_DAY.test(ref.title)),
  }));
  const asked = [...wanted.keys()]
    .flatMap((url) => byUrl.get(url) ?? [])
    .map(pageRef)
    .filter(isOld);
  const inTurn = [0, 1].flatMap((turn) => central.flatMap(({ refs }) => refs[turn] ?? []));
  const chosen = new Map([...asked, ...inTurn].map((ref) => [ref.url, ref]));
  return [...chosen.values()]
    .slice(0, MOST_REFRESHES)
    .map((ref) => refresh(material, byUrl.get(ref.url) as Page, wanted));
}

function refresh(material: OwnMaterial, page: Page, wanted: ReadonlyMap<string, string>): Candidate {
  const { topics, finder, today, pages } = material;
  const touched = lastTouched(page) as string;
  const age = computed(
    Math.round(daysBetween(touched, today) / DAYS_PER_MONTH),
    'months',
    `from the last change to ${today}`,
  );
  const topicId = finder.ofPage(page.url);
  const topic = topics?.findings.find(({ id }) => id === topicId);
  const ask = wanted.get(page.url);
  const title = pageRef(page).title;
  const reason =
    ask !== undefined
      ? `it is the closest answer to ${quote(ask)}`
      : `it is one of the most typical pages on ${quote(topic?.title ?? '')}`;
  return {
    key: `refresh ${page.url}`,
    reason: 'refresh',
    action: 'refresh',
    topicId: topicId ?? '',
    title: () => `Refresh ${quote(title)}`,
    why: `Unchanged since ${sayMonth(touched)}, ${say(age)} ago, and ${reason}.`,
    words: `${title} ${ask ?? ''}`,
    confidence: confidenceOfAge(age.value as number),
    isAsked: ask !== undefined,
    figures: { age },
    inputs: mergeInputs(topics?.inputsUsed ?? [], pageRows(pages, 'pages')),
    url: page.url,
  };
}

const SERIES =
  /\b(?:part|episode|week|day|vol(?:ume)?|no|#)\.?\s*(?:\d+|one|two|three|four|five)|\b(?:19|20)\d\d\b|\d+\s*$/i;

// Pages that say the same share their weightiest terms: only those are compared, not each page with each.
function nearDuplicates(rows: readonly SparseRow[], isLeftOut: (at: number) => boolean): Pair[] {
  const blocks = new Map<number, number[]>();
  rows.forEach(({ columns, values }, at) => {
    if (columns.length < LEAST_TERMS || isLeftOut(at)) return;
    const heaviest = [...columns.keys()].sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
    for (const index of heaviest.slice(0, BLOCKING_TERMS)) {
      const column = columns[index] as number;
      blocks.set(column, [...(blocks.get(column) ?? []), at]);
    }
  });
  const found = new Map<string, Pair>();
  for (const block of blocks.values()) {
    block.forEach((first, at) => {
      for (const second of block.slice(at + 1)) {
        const similarity = cosine(rows[first] as SparseRow, rows[second] as SparseRow);
        if (similarity >= NEAR_DUPLICATE) found.set(`${first} ${second}`, { first, second, similarity });
      }
    });
  }
  return [...found.values()].sort((x, y) => x.first - y.first || x.second - y.second);
}

/** Pages that say the same, so that they compete with each other. */
export function mergeCandidates(material: OwnMaterial): Candidate[] {
  const { pages, corpus, topics, finder } = material;
  const { rows } = weighTerms(corpus, { minDocuments: 1, maxShare: 0.2, longestPhrase: 2 });
  const pairs = nearDuplicates(rows, (at) => SERIES.test((pages[at] as Page).title)).map(
    ({ first, second, similarity }) => ({
      a: pages[first] as Page,
      b: pages[second] as Page,
      similarity,
    }),
  );
  pairs.sort((x, y) => y.similarity - x.similarity || (x.a.url < y.a.url ? -1 : 1));
  return pairs.slice(0, MOST_MERGES).map(({ a, b, similarity }): Candidate => {
    const [older, newer] = (a.published ?? '') <= (b.published ?? '') ? [a, b] : [b, a];
    const alike = computed(similarity, 'index', 'cosine of TF-IDF of titles, excerpts and tags');
    return {
      key: `merge ${older.url}`,
      reason: 'merge',
      action: 'merge',
      topicId: finder.ofPage(newer.url) ?? finder.ofPage(older.url) ?? '',
      title: () => `Merge ${quote(pageRef(older).title)} into ${quote(pageRef(newer).title)}`,
      why: `The two say much the same in their titles and excerpts, and compete for the same readers; keep the newer address and redirect the other.`,
      words: pageRef(newer).title,
      confidence: 'medium',
      figures: { similarity: alike, pages: observed(2, 'pages') },
      inputs: mergeInputs(topics?.inputsUsed ?? [], pageRows(pages, 'pages')),
      url: newer.url,
    };
  });
}
