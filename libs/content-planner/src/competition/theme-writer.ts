import type { CompetitionFinding, Figure } from '@throughline/strategy-contract';
import { byNewest, pageRef, type Page } from '../context/pages.js';
import { computed, observed } from '../findings/figures.js';
import { identifiers } from '../findings/identifiers.js';
import { fields, mergeInputs, pageRows } from '../findings/inputs.js';
import { capitalize, joinWords, quote, say, sayMonth, sayNumber } from '../findings/wording.js';
import type { Corpus } from '../text/corpus.js';
import { distinctTerms, rankTerms } from '../text/name-group.js';
import { surfaceForms } from '../text/surface-forms.js';
import type { Theme } from './find-themes.js';

/** Both sites, read as one corpus: the user's pages first. */
export interface Rivalry {
  own: Page[];
  competitor: Page[];
  ownName: string;
  competitorName: string;
  corpus: Corpus;
  today: string;
}

const PAGES_LISTED = 5;
const METHOD =
  'Terms of both sites’ titles, excerpts and tags, joined where they share pages; smoothed log-odds of the shares (prior 0.5), in standard deviations';

const MOST_ANGLES = 7;

function findAngles(corpus: Corpus, { term, related, own, competitor }: Theme): string[] {
  const words = new Set([term, ...related].flatMap((name) => name.split(' ')));
  const ranked = rankTerms(corpus, [...own, ...competitor]);
  const others = ranked.filter((ranking) => !ranking.term.split(' ').some((word) => words.has(word)));
  return distinctTerms(others, MOST_ANGLES).map((ranking) => ranking.term);
}

/** Writes findings of themes. */
export class ThemeWriter {
  private readonly id = identifiers('competition');
  private readonly forms: Map<string, string>;
  /** What pages on a theme speak of besides: angles for a page of one's own. */
  private readonly angles: Map<Theme, string[]>;

  constructor(
    private readonly rivalry: Rivalry,
    private readonly setting: { themes: readonly Theme[]; note: string },
  ) {
    const { themes } = setting;
    this.angles = new Map(themes.map((theme) => [theme, findAngles(rivalry.corpus, theme)]));
    const wanted = themes.flatMap((theme) => [theme.term, ...theme.related, ...(this.angles.get(theme) as string[])]);
    this.forms = surfaceForms(rivalry.corpus, new Set(wanted));
  }

  gap(theme: Theme): CompetitionFinding {
    const { ownName, competitorName } = this.rivalry;
    const figures = this.figures(theme);
    const newest = this.pages(theme.competitor)[0];
    const dated = newest?.published === undefined ? '' : ` in ${sayMonth(newest.published)}`;
    const latest = newest === undefined ? '' : `; its latest is ${quote(pageRef(newest).title)}${dated}`;
    const ours =
      theme.own.length === 0 ? `${ownName} has none` : `${ownName} has ${sayNumber(figures['ownPages'] as Figure)}`;
    return this.finding(
      theme,
      'gap',
      figures,
      `${competitorName} has ${say(figures['competitorPages'] as Figure)} on it and ${ours}${latest}.`,
    );
  }

  strength(theme: Theme): CompetitionFinding {
    const { ownName, competitorName } = this.rivalry;
    const figures = this.figures(theme);
    const theirs =
      theme.competitor.length === 0
        ? `${competitorName} has none`
        : `${competitorName} has ${sayNumber(figures['competitorPages'] as Figure)}`;
    const newest = this.pages(theme.own)[0];
    const age = newest?.published === undefined ? '' : `; its newest is from ${sayMonth(newest.published)}`;
    return this.finding(
      theme,
      'strength',
      figures,
      `${ownName} has ${say(figures['ownPages'] as Figure)} on it and ${theirs}${age}.`,
    );
  }

  shared(theme: Theme): CompetitionFinding {
    const { ownName, competitorName } = this.rivalry;
    const figures = this.figures(theme);
    const why = `${ownName} has ${say(figures['ownPages'] as Figure)} on it and ${competitorName} ${sayNumber(figures['competitorPages'] as Figure)}: chance alone could make that difference.`;
    return this.finding(theme, 'shared', figures, why);
  }

  private pages(positions: readonly number[]): Page[] {
    const { own, competitor } = this.rivalry;
    return positions.map((at) => (at < own.length ? own[at] : competitor[at - own.length]) as Page).sort(byNewest);
  }

  private figures(theme: Theme): Record<string, Figure> {
    const { own, competitor } = this.rivalry;
    return {
      ownPages: observed(theme.own.length, 'pages'),
      competitorPages: observed(theme.competitor.length, 'pages'),
      ownShare: computed(theme.own.length / own.length, 'share', 'own pages on it ÷ own pages'),
      competitorShare: computed(
        theme.competitor.length / competitor.length,
        'share',
        'competitor pages on it ÷ competitor pages',
      ),
      logOdds: computed(theme.logOdds, 'log-odds', 'smoothed log-odds of the shares, competitor against own'),
      clearness: computed(Math.abs(theme.z), 'score', 'log-odds in standard deviations'),
    };
  }

  private finding(
    theme: Theme,
    kind: CompetitionFinding['kind'],
    figures: Record<string, Figure>,
    why: string,
  ): CompetitionFinding {
    const { own, competitor } = this.rivalry;
    const angles = this.angles.get(theme) ?? [];
    const written = [...new Set([theme.term, ...theme.related, ...angles].map((term) => this.forms.get(term) ?? term))];
    const [first = ''] = written;
    const second = theme.alias === undefined ? first : (this.forms.get(theme.alias) ?? theme.alias);
    // Both names must be a name: "sensor" beside "condition monitoring" is one, a second spelling is none.
    const alias = second.toLowerCase() === first.toLowerCase() ? [] : [second];
    const clearness = Math.abs(theme.z);
    const title = capitalize(joinWords([first, ...alias]));
    return {
      id: this.id(kind, title),
      kind,
      title,
      why,
      method: METHOD,
      inputsUsed: mergeInputs(fields('competition.competitors'), pageRows([...own, ...competitor], 'pages')),
      confidence: kind === 'shared' ? 'medium' : clearness >= 3 ? 'high' : 'medium',
      assumptions: [this.setting.note, 'A page is on a theme when its title, excerpt or tags name it.'],
      figures,
      terms: written,
      ownPages: this.pages(theme.own).slice(0, PAGES_LISTED).map(pageRef),
      competitorPages: this.pages(theme.competitor).slice(0, PAGES_LISTED).map(pageRef),
    };
  }
}
