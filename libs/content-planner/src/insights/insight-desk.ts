import type { Confidence, Figure, Input, InsightFinding } from '@throughline/strategy-contract';
import { pageRef, type Page } from '../context/pages.js';
import { identifiers } from '../findings/identifiers.js';
import { pageRows } from '../findings/inputs.js';

/** An insight before it has an id and its sources. */
export interface InsightDraft {
  theme: InsightFinding['theme'];
  title: string;
  why: string;
  method: string;
  figures: Record<string, Figure>;
  confidence?: Confidence;
  assumptions?: string[];
  pages?: Page[];
  /** Inputs besides the pages. */
  inputs?: Input[];
}

/** What the insights share: the pages, in the order of their dates, and the day by which age is told. */
export class InsightDesk {
  readonly dated: Page[];
  private readonly id = identifiers('insights');

  constructor(
    readonly name: string,
    readonly pages: readonly Page[],
    readonly today: string,
  ) {
    this.dated = pages
      .filter(({ published }) => published !== undefined && published <= today)
      .sort((a, b) =>
        a.published === b.published
          ? a.url < b.url
            ? -1
            : 1
          : (a.published as string) < (b.published as string)
            ? -1
            : 1,
      );
  }

  /** Makes a finding of a draft. The key keeps its id the same when its wording changes with the figures. */
  insight(key: string, draft: InsightDraft): InsightFinding {
    const {
      theme,
      title,
      why,
      method,
      figures,
      confidence = 'high',
      assumptions = [],
      pages = [],
      inputs = [],
    } = draft;
    return {
      id: this.id(theme, key),
      kind: 'insight',
      theme,
      title,
      why,
      method,
      inputsUsed: [...inputs, ...pageRows(this.pages, 'pages')],
      confidence,
      assumptions,
      figures,
      pages: pages.slice(0, 5).map(pageRef),
    };
  }
}
