/** Units that a figure can have. */
export const UNITS = [
  'pages',
  'pages/month',
  'rows',
  'words',
  'items',
  'items/week',
  'topics',
  'tags',
  'statements',
  'metrics',
  'languages',
  'orders',
  'hours',
  'hours/week',
  'hours/item',
  'days',
  'weeks',
  'months',
  'percent',
  'share',
  'rate',
  'score',
  'log-odds',
  'index',
  'times',
  'visits',
  'clicks',
  'impressions',
  'leads',
  'signups',
  'revenue',
  'other',
  'money',
] as const;
export type Unit = (typeof UNITS)[number];

/** What one of a unit is called, of units that are counted. */
export const SINGULAR_UNITS: Readonly<Record<string, string>> = {
  pages: 'page',
  rows: 'row',
  words: 'word',
  items: 'item',
  hours: 'hour',
  days: 'day',
  weeks: 'week',
  months: 'month',
  visits: 'visit',
  clicks: 'click',
  impressions: 'impression',
  leads: 'lead',
  signups: 'signup',
  topics: 'topic',
  tags: 'tag',
  statements: 'statement',
  metrics: 'metric',
  languages: 'language',
  orders: 'order',
  times: 'time',
};

/**
 * A number that says something about the world. Never a bare number; never a number only inside a sentence.
 * `observed` was counted in a source, `computed` by a named method, `benchmark` has a source and a year,
 * `assumption` has an owner (what the brief states is the user's).
 */
export interface Figure {
  value: number | [low: number, high: number];
  /** One of {@link UNITS}, or an ISO 4217 currency code where it is money. */
  unit: Unit | (string & {});
  basis: 'observed' | 'computed' | 'benchmark' | 'assumption';
  /** With `computed`. */
  method?: string;
  /** With `benchmark`. */
  source?: { name: string; year: number };
  /** With `assumption`. */
  by?: 'user' | 'product';
}
