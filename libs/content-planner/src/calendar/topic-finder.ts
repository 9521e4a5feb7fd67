import type { TopicFinding } from '@throughline/strategy-contract';
import type { Corpus } from '../text/corpus.js';
import { meaningfulTokens } from '../text/corpus.js';
import { matchPages } from '../text/page-index.js';
import type { Page } from '../context/pages.js';

const NEAREST_PAGES = 10;
/** Share of a text's words that a topic has to have. */
const LEAST_SHARED = 0.5;

/** Finds the topic that a text belongs to. */
export class TopicFinder {
  private readonly topicOfPage = new Map<string, string>();
  private readonly stems = new Map<string, Set<string>>();

  constructor(
    topics: readonly TopicFinding[],
    private readonly pages: readonly Page[],
    private readonly corpus: Corpus,
  ) {
    for (const { id, role, pages: refs, terms, title } of topics) {
      if (role !== 'pillar') continue;
      for (const { url } of refs) if (!this.topicOfPage.has(url)) this.topicOfPage.set(url, id);
      this.stems.set(id, this.stemsOf(`${title} ${terms.join(' ')}`));
    }
  }

  /** Id of the topic that a page is in. */
  ofPage(url: string): string | undefined {
    return this.topicOfPage.get(url);
  }

  /** Id of the topic nearest to a text: most votes of the pages that speak to it, then most words in common. One word of many in common is no nearness. */
  nearest(text: string): string | undefined {
    const votes = new Map<string, number>();
    for (const { page, coverage } of matchPages(this.corpus, text).slice(0, NEAREST_PAGES)) {
      const topic = this.topicOfPage.get((this.pages[page] as Page).url);
      if (topic !== undefined) votes.set(topic, (votes.get(topic) ?? 0) + coverage);
    }
    const words = this.stemsOf(text);
    for (const [id, stems] of this.stems) {
      const shared = [...words].filter((stem) => stems.has(stem)).length;
      if (shared >= LEAST_SHARED * words.size) votes.set(id, (votes.get(id) ?? 0) + shared);
    }
    const [best] = [...votes].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    return best?.[0];
  }

  private stemsOf(text: string): Set<string> {
    return new Set(meaningfulTokens(text, this.corpus.stopWords).map(({ stem }) => stem));
  }
}
