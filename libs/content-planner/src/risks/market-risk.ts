import type { Figure } from '@throughline/strategy-contract';
import type { FieldValue } from '../context/brief-reader.js';
import { siteName } from '../context/own-content.js';
import { collectPages, type Page } from '../context/pages.js';
import type { SectionContext } from '../context/section-context.js';
import { monthsBefore } from '../findings/dates.js';
import { computed, observed, stated } from '../findings/figures.js';
import { fields, mergeInputs, pageRows } from '../findings/inputs.js';
import { capitalize, say } from '../findings/wording.js';
import { stepsPassed, type RiskDraft } from './risk-desk.js';

type Position = FieldValue<'business.position'>;

/** What the brief says of the market. */
interface Market {
  position: Position | undefined;
  share: Figure | undefined;
  /** As drivers. */
  told: string[];
}

/** What both sides published. */
interface Rivals {
  own: Page[];
  competitor: Page[];
  name: string;
  /** Date of the newest page of either side. */
  newest: string | undefined;
}

const MONTHS = 24;

function readMarket(context: SectionContext): Market {
  const percent = context.brief.read('business.marketShare');
  const position = context.brief.read('business.position');
  const share = percent === undefined ? undefined : stated(percent, 'percent');
  const place = position === 'niche' ? 'a niche player' : `a ${position}`;
  const told = [
    ...(position === undefined ? [] : [`The brief sees the site as ${place}`]),
    ...(share === undefined ? [] : [`Market share by the brief: ${say(share)}`]),
  ];
  return { position, share, told };
}

function readRivals(context: SectionContext): Rivals {
  const sources = context.competitorSources();
  const [own, competitor] = [collectPages(context.ownSources()), collectPages(sources)];
  const dates = [...own, ...competitor].flatMap(({ published }) =>
    published === undefined || published > context.today ? [] : [published],
  );
  return { own, competitor, name: siteName(sources, 'The competitors'), newest: dates.sort().pop() };
}

function mitigationFor(position: Position | undefined): string {
  if (position === 'leader') return 'Defend the strengths first: refresh what leads before opening new ground.';
  if (position === 'niche') return 'Do not follow everywhere: close only the gaps that the audience asks about.';
  return 'Close the gaps that the competitor still feeds, one theme at a time, before matching its pace.';
}

function countSince(pages: readonly Page[], newest: string): number {
  const from = monthsBefore(newest, MONTHS);
  return pages.filter(({ published = '' }) => published > from && published <= newest).length;
}

function comparePace({ own, competitor, name, newest = '' }: Rivals, { share, told, position }: Market) {
  const [mine, rival] = [countSince(own, newest), countSince(competitor, newest)];
  const [ours, theirs] = [observed(mine, 'pages'), observed(rival, 'pages')];
  const voice = computed(
    mine / Math.max(1, mine + rival),
    'share',
    'own pages ÷ pages of both sides, in the two years',
  );
  const ratio = rival / Math.max(1, mine);
  const against = share === undefined ? '' : `, against a stated market share of ${say(share)}`;
  return {
    title: ratio >= 1.2 ? `${name} publishes faster` : 'The lead in publishing can be lost',
    why: `In the two years up to the newest page of either site ${name} brought out ${say(theirs)} and your site ${say(ours)}, ${say(voice)} of what both published${against}.`,
    drivers: [`${capitalize(say(theirs))} of ${name} against ${say(ours)} of your site`, ...told],
    figures: { ours, theirs, shareOfVoice: voice, ...(share === undefined ? {} : { marketShare: share }) },
    score: { likelihood: stepsPassed(ratio, [0.8, 1.2, 2, 4]), impact: position === 'leader' ? 4 : 3 },
  };
}

/** Competitors that publish faster, and where the brief sees the site in its market. */
export function marketRisk(context: SectionContext): RiskDraft[] {
  const market = readMarket(context);
  const rivals = readRivals(context);
  const { own, competitor, newest } = rivals;
  const base = {
    rule: 'competitor pace',
    inputs: mergeInputs(
      fields('business.marketShare', 'business.position', 'competition.competitors'),
      pageRows([...own, ...competitor], 'pages'),
    ),
    method: 'Pages of both sides in the two years up to the newest page of either',
    mitigation: mitigationFor(market.position),
  };
  if (own.length > 0 && competitor.length > 0 && newest !== undefined)
    return [{ ...base, ...comparePace(rivals, market) }];
  if (market.told.length === 0) return [];
  return [
    {
      ...base,
      title: 'How the market moves is not known',
      why: `${market.told.join('; ')}, but without content of both sides it cannot be told who is gaining ground.`,
      drivers: market.told,
      figures: market.share === undefined ? {} : { marketShare: market.share },
    },
  ];
}
