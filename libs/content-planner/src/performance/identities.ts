import type { TargetMetric } from '@throughline/strategy-contract';

/** A step back from a metric to what it is made of. */
export interface Identity {
  /** What feeds the metric. */
  factor: string;
  unit: TargetMetric['unit'] | 'impressions' | 'orders';
  formula: string;
  /** Names of rates that fit, as briefs write them. */
  rate: RegExp;
  /** What to ask for where no rate fits. */
  needs: string;
}

const VISITS_TO = (noun: string, rate: RegExp): Identity => ({
  factor: 'Visits needed',
  unit: 'visits',
  formula: `${noun} = visits × conversion rate`,
  rate,
  needs: `your conversion rate from visit to ${noun.replace(/s$/, '')} (analytics.conversionRates)`,
});

const CLICKS: Identity = {
  factor: 'Impressions needed',
  unit: 'impressions',
  formula: 'clicks = impressions × click-through rate',
  rate: /\bctr\b|click[- ]?through/i,
  needs: 'your click-through rate in search (analytics.conversionRates, from Search Console)',
};

/** How a metric comes about, one step back; nothing for metrics of the user's own. */
export const IDENTITIES: Partial<Record<TargetMetric['unit'], Identity>> = {
  leads: VISITS_TO('leads', /lead|enquir|inquir|contact/i),
  signups: VISITS_TO('signups', /sign[- ]?up|subscri|regist|trial/i),
  revenue: {
    factor: 'Orders needed',
    unit: 'orders',
    formula: 'revenue = orders × value of an order',
    rate: /(?:order|deal|customer|contract|sale).*value|value.*(?:order|deal|customer|contract|sale)|\baov\b/i,
    needs: 'the mean value of an order (analytics.targets, for example "order value")',
  },
  clicks: CLICKS,
};
