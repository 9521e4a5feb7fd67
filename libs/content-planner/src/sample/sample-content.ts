import type { Brief, ContentItem } from '@throughline/strategy-contract';
import { addDays, dateOfDay, dayNumber, nextMonday } from '../findings/dates.js';
import { slug } from '../findings/identifiers.js';
import { seededRandom, type Random } from '../numeric/random.js';
import { sampleBrief } from './sample-brief.js';
import { SAMPLE_TOPICS, type SampleTopic } from './sample-topics.js';

/** A brief and the content of two blogs, made up: nothing in it is about a real company. */
export interface SampleContent {
  own: ContentItem[];
  competitor: ContentItem[];
  brief: Brief;
  ownName: string;
  competitorName: string;
}

interface Blog {
  host: string;
  pages: number;
  /** How often each subject comes up, against the others. */
  weights: Record<string, number>;
  /** Days over which it was written, up to the last day. */
  days: number;
}

const OWN: Blog = {
  host: 'https://fieldnote.example',
  pages: 150,
  days: 1500,
  weights: {
    preventive: 5,
    'work-orders': 5,
    'spare-parts': 4,
    reliability: 3,
    safety: 3,
    technicians: 3,
    onboarding: 5,
    reporting: 3,
    sensors: 0.2,
    energy: 0.2,
  },
};
const COMPETITOR: Blog = {
  host: 'https://plantline.example',
  pages: 120,
  days: 1000,
  weights: {
    preventive: 3,
    'work-orders': 2,
    'spare-parts': 2,
    reliability: 3,
    safety: 2,
    technicians: 1,
    onboarding: 0.3,
    reporting: 2,
    sensors: 6,
    energy: 5,
  },
};

const pick = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)] as T;

function pickTopic(weights: Record<string, number>, random: Random): SampleTopic {
  const total = SAMPLE_TOPICS.reduce((sum, { key }) => sum + (weights[key] ?? 0), 0);
  let rest = random() * total;
  for (const topic of SAMPLE_TOPICS) {
    rest -= weights[topic.key] ?? 0;
    if (rest < 0) return topic;
  }
  return SAMPLE_TOPICS[0] as SampleTopic;
}

function fill(text: string, a: string, b: string): string {
  return text
    .replaceAll('{a}', a)
    .replaceAll('a missing {b}', `a missing ${b.replace(/s$/, '')}`)
    .replaceAll('a broken {b}', `a broken ${b.replace(/s$/, '')}`)
    .replaceAll('{b}', b);
}

function capitalizeFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function writePage(blog: Blog, published: string, random: Random, taken: Set<string>): ContentItem | undefined {
  const topic = pickTopic(blog.weights, random);
  const a = pick(topic.nouns, random);
  const b = pick(
    topic.nouns.filter((noun) => noun !== a),
    random,
  );
  const form = pick(topic.titles, random);
  const title = capitalizeFirst(fill(form, a, b));
  // The same two nouns the other way round make the same page.
  const subject = `${form} ${[a, b]
    .filter((noun) => title.toLowerCase().includes(noun.toLowerCase()))
    .sort()
    .join()}`;
  if (taken.has(subject)) return undefined;
  taken.add(subject);
  const excerpt = `${capitalizeFirst(fill(pick(topic.openings, random), a, b))} ${pick(topic.details, random)}`;
  const tags = topic.tags.filter((_, at) => at === 0 || random() < 0.6);
  return {
    url: `${blog.host}/blog/${slug(title)}-${dayNumber(published)}/`,
    title,
    published,
    excerpt,
    tags,
    wordCount: Math.round(350 + random() ** 2 * 1900),
  };
}

function writeBlog(blog: Blog, lastDay: string, random: Random): ContentItem[] {
  const pages: ContentItem[] = [];
  const taken = new Set<string>();
  for (let attempt = 0; pages.length < blog.pages && attempt < blog.pages * 20; attempt += 1) {
    const back = Math.round(
      (blog.days * (blog.pages - pages.length)) / blog.pages - random() * (blog.days / blog.pages),
    );
    const page = writePage(blog, dateOfDay(dayNumber(lastDay) - Math.max(0, back)), random, taken);
    if (page !== undefined) pages.push(page);
  }
  return pages.sort((x, y) => ((x.published as string) < (y.published as string) ? -1 : 1));
}

/**
 * Content to try the product with: the blog of a made-up software company, that of its made-up competitor, and a brief
 * with all fields filled in.
 *
 * @param seed the same seed gives the same content.
 * @param lastDay YYYY-MM-DD of the newest page; the plan starts on the Monday after it.
 */
export function generateSampleContent(seed: number, lastDay = '2026-06-30'): SampleContent {
  const random = seededRandom(seed);
  const own = writeBlog(OWN, lastDay, random);
  const competitor = writeBlog(COMPETITOR, lastDay, random);
  const [ownName, competitorName] = ['Fieldnote', 'Plantline'];
  return {
    own,
    competitor,
    ownName,
    competitorName,
    brief: sampleBrief(competitorName, nextMonday(addDays(lastDay, 1))),
  };
}
