import type { Confidence, Figure, Section, TopicFinding } from '@throughline/strategy-contract';
import { readOwnContent, type OwnContent } from '../context/own-content.js';
import { pageRef } from '../context/pages.js';
import type { SectionContext } from '../context/section-context.js';
import { computed, observed } from '../findings/figures.js';
import { identifiers } from '../findings/identifiers.js';
import { pageRows } from '../findings/inputs.js';
import { ready } from '../findings/sections.js';
import { capitalize, joinWords, quote, say } from '../findings/wording.js';
import type { Corpus } from '../text/corpus.js';
import { chooseName, distinctTerms, rankTerms } from '../text/name-group.js';
import { surfaceForms } from '../text/surface-forms.js';
import { findTopics, SUBSAMPLES, SUBSAMPLE_SHARE, type FoundTopics, type TopicGroup } from './find-topics.js';
import { planStatedTopics } from './stated-topics.js';
import { tagLift } from './tag-lift.js';

/** Own pages from which on topics are found in the content; below, the brief's themes stand in. */
export const LEAST_PAGES = 30;
const MOST_PAGES_LISTED = 200;
const METHOD =
  'TF-IDF of titles and excerpts (tags left out) → truncated SVD (50) → consensus of 20 seeded k-means → Ward → nearest centre; named by the terms (tags included) with the highest smoothed log ratio';
const SPLIT_METHOD =
  'Ward’s tree over the pages of one topic in the same space; named by the terms that tell it from the rest of the topic';

interface Named {
  title: string;
  terms: string[];
  /** The terms of the title, as stems. */
  key: string[];
}

/** A cluster is told from the rest of its topic, and not called as the topic is or as a cluster before it. */
interface WithinTopic {
  others: number[];
  /** Terms of the topic's own title. */
  topic: string[];
  taken: Set<string>;
}

function nameOf(corpus: Corpus, members: readonly number[], within?: WithinTopic): Named {
  const ranked = rankTerms(corpus, members, within?.others);
  const own = ranked.filter(
    ({ term }) => ![...(within?.taken ?? [])].some((other) => ` ${other} `.includes(` ${term} `)),
  );
  const usable = own.length > 0 ? own : ranked;
  const first = chooseName(usable, members.length).map(({ term }) => term);
  const isSameAsTopic = first.join() === within?.topic.join();
  const rest = usable.filter(({ term }) => !first.includes(term));
  const name = isSameAsTopic && rest.length > 0 ? chooseName(rest, members.length).map(({ term }) => term) : first;
  const distinct = distinctTerms(ranked, 8).map(({ term }) => term);
  const forms = surfaceForms(corpus, new Set([...name, ...distinct]));
  const written = (term: string) => forms.get(term) ?? term;
  return { title: capitalize(joinWords(name.map(written))), terms: distinct.map(written), key: name };
}

function confidenceOf(recurrence: number): Confidence {
  return recurrence >= 0.6 ? 'high' : recurrence >= 0.35 ? 'medium' : 'low';
}

class TopicWriter {
  private readonly id = identifiers('topics');
  private readonly stability: Figure;
  private readonly lift: number | undefined;

  constructor(
    private readonly own: OwnContent,
    /** The pages with their tags: those name topics well, though they must not make them. */
    private readonly naming: Corpus,
    private readonly found: FoundTopics,
  ) {
    this.stability = computed(
      found.stability,
      'index',
      `mean adjusted Rand index with the topics of ${SUBSAMPLES} subsamples of ${SUBSAMPLE_SHARE * 100}%`,
    );
    this.lift = tagLift(
      own.pages,
      found.groups.map(({ members }) => members),
    );
  }

  pillar(group: TopicGroup): TopicFinding[] {
    const named = nameOf(this.naming, group.members);
    const id = this.id(named.title);
    const finding = this.finding(id, named, group.members, METHOD, confidenceOf(group.recurrence));
    const recurrence = computed(
      group.recurrence,
      'share',
      `mean best Jaccard overlap with a topic of each of ${SUBSAMPLES} subsamples`,
    );
    finding.figures['recurrence'] = recurrence;
    if (this.lift !== undefined) {
      finding.figures['tagLift'] = computed(
        this.lift,
        'index',
        'mean Jaccard overlap of the tags of two pages in one topic ÷ that of any two pages, over all topics',
      );
    }
    const total = this.own.pages.length;
    finding.why =
      `${capitalize(say(finding.figures['pages'] as Figure))}, ${say(finding.figures['share'] as Figure)} of the site, ` +
      `speak of ${joinWords(named.terms.slice(0, 3))}${this.nearest(group.members)}.`;
    finding.assumptions = [`Pages whose words fit no topic are left out: ${this.found.unplaced.length} of ${total}.`];
    finding.figures['unplaced'] = observed(this.found.unplaced.length, 'pages');
    finding.figures['sitePages'] = observed(total, 'pages');
    const taken = new Set(named.key.length === 1 ? named.key : []);
    return [
      { ...finding, role: 'pillar' },
      ...group.clusters.map((members) => this.cluster(id, members, { group, taken, topic: named.key })),
    ];
  }

  private cluster(
    parentId: string,
    members: number[],
    { group, taken, topic }: Omit<WithinTopic, 'others'> & { group: TopicGroup },
  ): TopicFinding {
    const inside = new Set(members);
    const others = group.members.filter((at) => !inside.has(at));
    const named = nameOf(this.naming, members, { others, taken, topic });
    for (const term of named.key) taken.add(term);
    const finding = this.finding(
      this.id(parentId.replace(/^topics-/, ''), named.title),
      named,
      members,
      SPLIT_METHOD,
      'low',
    );
    finding.why =
      `Within the topic, ${say(finding.figures['pages'] as Figure)} ` +
      `${members.length === 1 ? 'stands' : 'stand'} apart by ${joinWords(named.terms.slice(0, 3))}${this.nearest(members)}.`;
    return { ...finding, role: 'cluster', parentId };
  }

  private nearest([first]: readonly number[]): string {
    const page = first === undefined ? undefined : this.own.pages[first];
    return page === undefined ? '' : `; the most typical is ${quote(pageRef(page).title)}`;
  }

  private finding(id: string, named: Named, members: number[], method: string, confidence: Confidence): TopicFinding {
    const pages = members.map((at) => this.own.pages[at] as OwnContent['pages'][number]);
    return {
      id,
      kind: 'topic',
      role: 'pillar',
      title: named.title,
      why: '',
      method,
      inputsUsed: pageRows(this.own.pages, 'pages'),
      confidence,
      assumptions: [],
      figures: {
        pages: observed(pages.length, 'pages'),
        share: computed(pages.length / this.own.pages.length, 'share', 'pages of the topic ÷ all pages'),
      },
      terms: named.terms,
      pages: pages.slice(0, MOST_PAGES_LISTED).map(pageRef),
      stability: this.stability,
    };
  }
}

/** Topics of the user's own content: pillars, and clusters within them. */
export function planTopics(context: SectionContext): Section<TopicFinding> {
  const own = readOwnContent(context, false);
  if (own.pages.length < LEAST_PAGES) return planStatedTopics(context, own);
  const found = findTopics(own.corpus, {
    seed: context.seed,
    onWork: (done, total) =>
      context.report({ done, total, message: `Looking for topics in ${own.pages.length} pages` }),
  });
  const writer = new TopicWriter(own, readOwnContent(context, true).corpus, found);
  return ready(
    context,
    found.groups.flatMap((group) => writer.pillar(group)),
  );
}
