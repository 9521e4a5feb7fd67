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
import { findTopics, SUBSAMPLES, SUBSAMPLE_SHARE, type FoundTopics, type TopicGroup } from './find-topics.js';
import { LEAST_PAGES, planStatedTopics } from './stated-topics.js';
import { tagLift } from './tag-lift.js';
import { nameCluster, nameTopic, type GroupName } from './topic-names.js';

const MOST_PAGES_LISTED = 200;
const METHOD =
  'TF-IDF of titles and excerpts (tags left out) → truncated SVD (50) → consensus of 20 seeded k-means → Ward → nearest centre; named by the terms (tags included) with the highest smoothed log ratio';
const TAG_LIFT = 'mean Jaccard overlap of the tags of two pages in one topic ÷ that of any two pages, over all topics';
const SPLIT_METHOD =
  'Ward’s tree over the pages of one topic in the same space; named by the terms that tell it from the rest of the topic';

/** A topic is kept where it has a name that fits its pages, or is found again in subsamples. */
interface NamedTopic {
  group: TopicGroup;
  name: GroupName;
}

const LEAST_NAMED = 0.35;
const LEAST_RECURRENCE = 0.4;
/** Share of a topic's pages above which a part of it is the topic itself. */
const MOST_OF_TOPIC = 0.75;

// Clustering puts what fits nowhere into one group: no name stands on its pages, and subsamples do not find it again.
function nameGroups(naming: Corpus, groups: readonly TopicGroup[]): NamedTopic[] {
  return groups.flatMap((group) => {
    const name = nameTopic(naming, group.members);
    if (name === undefined) return [];
    const isNamed = name.pages.size >= LEAST_NAMED * group.members.length;
    return isNamed || group.recurrence >= LEAST_RECURRENCE ? [{ group, name }] : [];
  });
}

function confidenceOf(recurrence: number): Confidence {
  return recurrence >= 0.6 ? 'high' : recurrence >= 0.35 ? 'medium' : 'low';
}

class TopicWriter {
  private readonly id = identifiers('topics');
  private readonly lift: number | undefined;
  private readonly unplaced: number;

  constructor(
    private readonly own: OwnContent,
    /** The pages with their tags: those name topics well, though they must not make them. */
    private readonly naming: Corpus,
    private readonly found: FoundTopics,
    topics: readonly NamedTopic[],
  ) {
    const members = topics.map(({ group }) => group.members);
    this.unplaced = own.pages.length - members.flat().length;
    this.lift = tagLift(own.pages, members);
  }

  pillar({ group, name }: NamedTopic): TopicFinding[] {
    const total = this.own.pages.length;
    const draft = this.finding(this.id(name.title), name, group.members);
    const { pages, share } = draft.figures as { pages: Figure; share: Figure };
    const finding: TopicFinding = {
      ...draft,
      role: 'pillar',
      why: `${capitalize(say(pages))}, ${say(share)} of the site, speak of ${joinWords(name.terms.slice(0, 3))}${sayTypical(draft)}.`,
      method: METHOD,
      confidence: confidenceOf(group.recurrence),
      assumptions: [
        `Pages whose words fit no topic, or a group that no name fits, are left out: ${this.unplaced} of ${total}.`,
      ],
      figures: {
        ...draft.figures,
        recurrence: computed(
          group.recurrence,
          'share',
          `mean best Jaccard overlap with a topic of each of ${SUBSAMPLES} subsamples`,
        ),
        ...(this.lift === undefined ? {} : { tagLift: computed(this.lift, 'index', TAG_LIFT) }),
        unplaced: observed(this.unplaced, 'pages'),
        sitePages: observed(total, 'pages'),
      },
      stability: computed(
        this.found.stability,
        'index',
        `mean adjusted Rand index with the topics of ${SUBSAMPLES} subsamples of ${SUBSAMPLE_SHARE * 100}%`,
      ),
    };
    return [finding, ...this.clusters(finding.id, group, name.key)];
  }

  private clusters(parentId: string, group: TopicGroup, topic: readonly string[]): TopicFinding[] {
    const taken = [...topic];
    return group.clusters.flatMap((members) => {
      if (members.length > MOST_OF_TOPIC * group.members.length) return [];
      const inside = new Set(members);
      const others = group.members.filter((at) => !inside.has(at));
      const name = nameCluster(this.naming, members, { others, taken });
      if (name === undefined) return [];
      taken.push(...name.key);
      return [this.cluster(parentId, members, name)];
    });
  }

  private cluster(parentId: string, members: number[], name: GroupName): TopicFinding {
    const finding = this.finding(this.id(parentId.replace(/^topics-/, ''), name.title), name, members);
    const { pages } = finding.figures as { pages: Figure };
    return {
      ...finding,
      role: 'cluster',
      parentId,
      why: `Within the topic, ${say(pages)} stand apart by ${joinWords(name.terms.slice(0, 3))}${sayTypical(finding)}.`,
      method: SPLIT_METHOD,
    };
  }

  private finding(id: string, name: GroupName, members: readonly number[]): TopicFinding {
    // Pages that name the topic come first: nearest to the centre can also be a page that says little of anything.
    const ordered = [...members.filter((at) => name.pages.has(at)), ...members.filter((at) => !name.pages.has(at))];
    const pages = ordered.map((at) => this.own.pages[at] as OwnContent['pages'][number]);
    return {
      id,
      kind: 'topic',
      role: 'pillar',
      title: name.title,
      why: '',
      method: '',
      inputsUsed: pageRows(this.own.pages, 'pages'),
      confidence: 'low',
      assumptions: [],
      figures: {
        pages: observed(pages.length, 'pages'),
        share: computed(pages.length / this.own.pages.length, 'share', 'pages of the topic ÷ all pages'),
      },
      terms: name.terms,
      pages: pages.slice(0, MOST_PAGES_LISTED).map(pageRef),
    };
  }
}

function sayTypical({ pages: [first] }: TopicFinding): string {
  return first === undefined ? '' : `; the most typical is ${quote(first.title)}`;
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
  const naming = readOwnContent(context, true).corpus;
  const topics = nameGroups(naming, found.groups);
  // A site whose pages have no subject in common has no topics to show: the brief's own stand in.
  if (topics.length === 0) return planStatedTopics(context, own);
  const writer = new TopicWriter(own, naming, found, topics);
  return ready(
    context,
    topics.flatMap((topic) => writer.pillar(topic)),
  );
}
