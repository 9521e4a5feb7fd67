import * as v from 'valibot';

/** Kinds of content that a plan can hold. */
export const CONTENT_FORMATS = [
  'article',
  'guide',
  'video',
  'infographic',
  'podcast',
  'webinar',
  'case_study',
  'whitepaper',
  'newsletter',
  'social',
  'interactive',
] as const;
export type ContentFormat = (typeof CONTENT_FORMATS)[number];

/** How often the user wants to publish. */
export const FREQUENCIES = ['daily', 'several_per_week', 'weekly', 'biweekly', 'monthly', 'quarterly'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** How the content should sound. */
export const VOICES = [
  'professional',
  'casual',
  'friendly',
  'authoritative',
  'humorous',
  'inspirational',
  'educational',
] as const;
export type Voice = (typeof VOICES)[number];

export const TARGET_METRIC_UNITS = ['visits', 'clicks', 'leads', 'signups', 'revenue', 'other'] as const;
export const POSITIONS = ['leader', 'challenger', 'follower', 'niche'] as const;
export const MONEY_PERIODS = ['month', 'quarter', 'year', 'total'] as const;
export const JOURNEY_STAGES = ['awareness', 'consideration', 'decision', 'retention'] as const;
export type JourneyStage = (typeof JOURNEY_STAGES)[number];

/** Plan length without `business.horizonWeeks`, in weeks. */
export const DEFAULT_HORIZON_WEEKS = 26;

// JSON can carry NUL, PostgreSQL text cannot; other control characters say nothing in a brief.
const text = (max: number) =>
  v.pipe(
    v.string('Write text.'),
    v.trim(),
    v.minLength(1, 'Write at least one character, or leave the field out.'),
    v.maxLength(max, `Use at most ${max} characters.`),
    v.check((value) => !value.includes('\u0000'), 'Remove the NUL character.'),
  );
const list = <S extends v.GenericSchema>(item: S, max: number) =>
  v.pipe(v.array(item, 'Give a list.'), v.maxLength(max, `Give at most ${max} entries.`));
const amount = (max = 1e12) =>
  v.pipe(
    v.number('Give a number.'),
    v.finite('Give a finite number.'),
    v.minValue(0, 'Give a number from 0.'),
    v.maxValue(max, `Give a number up to ${max}.`),
  );
const date = v.pipe(
  v.string('Give a date as YYYY-MM-DD.'),
  v.isoDate('Give a date as YYYY-MM-DD.'),
  v.check(
    (day) => !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day),
    'This day is not in the calendar.',
  ),
);
const name = v.pipe(
  v.string('Name the entry with text.'),
  v.minLength(1, 'Name the entry.'),
  v.maxLength(100, 'Use a name of at most 100 characters.'),
  v.check((value) => !value.includes('\u0000'), 'Remove the NUL character.'),
);
const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

// Unicode's CLDR names the countries of ISO 3166-1; ZZ, XA and XB are its own.
// What is no code at all is told of by the check before.
const isCountry = (code: string) =>
  !/^[A-Z]{2}$/.test(code) || (!['ZZ', 'XA', 'XB'].includes(code) && regions.of(code) !== undefined);
const namedAmounts = v.pipe(
  v.record(name, amount()),
  v.check((entries) => Object.keys(entries).length <= 50, 'Give at most 50 entries.'),
);
const format = v.picklist(CONTENT_FORMATS, `Choose from ${CONTENT_FORMATS.join(', ')}.`);
const percentOfFormats = v.pipe(
  v.record(format, amount(100)),
  v.check((mix) => {
    const shares = Object.values(mix);
    return shares.length === 0 || Math.abs(shares.reduce((sum, share) => sum + share, 0) - 100) < 0.01;
  }, 'The shares of the mix must add up to 100.'),
);

const targetMetric = v.strictObject({
  name: text(120),
  unit: v.picklist(TARGET_METRIC_UNITS, `Choose from ${TARGET_METRIC_UNITS.join(', ')}.`),
  baseline: v.optional(amount()),
  target: v.optional(amount()),
  by: v.optional(date),
});
export type TargetMetric = v.InferOutput<typeof targetMetric>;

const money = v.strictObject({
  amount: amount(),
  currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/, 'Give a currency as three capital letters, as in EUR.')),
  per: v.picklist(MONEY_PERIODS, `Choose from ${MONEY_PERIODS.join(', ')}.`),
});
export type Money = v.InferOutput<typeof money>;

const teamMember = v.strictObject({
  role: text(120),
  hoursPerWeek: amount(168),
  hoursPerFormat: v.optional(v.record(format, amount(2000))),
  hourlyCost: v.optional(amount(100_000)),
});
export type TeamMember = v.InferOutput<typeof teamMember>;

const competitor = v.strictObject({
  name: text(200),
  url: v.optional(
    v.pipe(text(2000), v.regex(/^https?:\/\/[^\s/?#]+\S*$/i, 'Give a whole address, as in https://example.org.')),
  ),
  sourceId: v.optional(text(64)),
});
const persona = v.strictObject({
  name: text(120),
  role: v.optional(text(200)),
  needs: v.optional(list(text(500), 20)),
});

const business = v.strictObject({
  objectives: v.optional(list(text(500), 10)),
  targetMetrics: v.optional(list(targetMetric, 10)),
  industry: v.optional(text(120)),
  country: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[A-Z]{2}$/, 'Give a country as two capital letters (ISO 3166-1), as in DE.'),
      v.check(isCountry, 'There is no country with this code (ISO 3166-1).'),
    ),
  ),
  budget: v.optional(money),
  team: v.optional(list(teamMember, 50)),
  startDate: v.optional(date),
  horizonWeeks: v.optional(
    v.pipe(
      v.number('Give a number.'),
      v.integer('Give whole weeks.'),
      v.minValue(4, 'Plan at least 4 weeks.'),
      v.maxValue(104, 'Plan at most 104 weeks.'),
    ),
  ),
  marketShare: v.optional(amount(100)),
  position: v.optional(v.picklist(POSITIONS, `Choose from ${POSITIONS.join(', ')}.`)),
});
const audience = v.strictObject({
  painPoints: v.optional(list(text(500), 30)),
  preferences: v.optional(list(format, CONTENT_FORMATS.length)),
  personas: v.optional(list(persona, 20)),
  buyingJourney: v.optional(v.strictObject(v.entriesFromList(JOURNEY_STAGES, v.optional(text(1000))))),
  seasonality: v.optional(list(text(120), 24)),
  engagement: v.optional(namedAmounts),
});
const competition = v.strictObject({
  competitors: v.optional(list(competitor, 20)),
  knownGaps: v.optional(list(text(500), 30)),
  trends: v.optional(list(text(500), 30)),
});
const content = v.strictObject({
  formats: v.optional(list(format, CONTENT_FORMATS.length)),
  frequency: v.optional(v.picklist(FREQUENCIES, `Choose from ${FREQUENCIES.join(', ')}.`)),
  voice: v.optional(v.picklist(VOICES, `Choose from ${VOICES.join(', ')}.`)),
  mix: v.optional(percentOfFormats),
  timing: v.optional(
    v.strictObject({
      weekdays: v.optional(
        list(
          v.pipe(
            v.number(),
            v.integer(),
            v.minValue(1, 'Weekdays are 1 (Monday) to 7.'),
            v.maxValue(7, 'Weekdays are 1 (Monday) to 7.'),
          ),
          7,
        ),
      ),
      hour: v.optional(
        v.pipe(
          v.number(),
          v.integer('Give a whole hour.'),
          v.minValue(0, 'Hours are 0 to 23.'),
          v.maxValue(23, 'Hours are 0 to 23.'),
        ),
      ),
    }),
  ),
  quality: v.optional(list(text(500), 30)),
  guidelines: v.optional(list(text(1000), 30)),
  languages: v.optional(
    list(
      v.pipe(
        v.string(),
        v.regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'Give a language tag (BCP 47), as in en or pt-BR.'),
      ),
      20,
    ),
  ),
});
const analytics = v.strictObject({
  trafficSources: v.optional(list(text(120), 30)),
  conversionRates: v.optional(
    v.pipe(
      v.record(name, amount(1)),
      v.check((rates) => Object.keys(rates).length <= 50, 'Give at most 50 entries.'),
    ),
  ),
  targets: v.optional(namedAmounts),
  testing: v.optional(v.boolean('Answer with true or false.')),
});

/** A brief as it is being written: any field may be missing, none may be unknown or malformed. */
export const briefDraftSchema = v.strictObject({
  business: v.optional(business),
  audience: v.optional(audience),
  competition: v.optional(competition),
  content: v.optional(content),
  analytics: v.optional(analytics),
});
export type BriefDraft = v.InferOutput<typeof briefDraftSchema>;

type Present<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: Exclude<T[P], undefined> };
type Groups = { [K in keyof BriefDraft]-?: Exclude<BriefDraft[K], undefined> };

/** A brief that a run can start from. */
export interface Brief {
  business: Present<Groups['business'], 'objectives' | 'targetMetrics'>;
  audience: Present<Groups['audience'], 'painPoints' | 'preferences'>;
  competition: Present<Groups['competition'], 'competitors'>;
  content: Present<Groups['content'], 'formats' | 'frequency' | 'voice'>;
  analytics: Groups['analytics'];
}

/** Groups of the brief, in the order in which a person fills them in. */
export const BRIEF_GROUPS = ['business', 'audience', 'competition', 'content', 'analytics'] as const;
export type BriefGroup = (typeof BRIEF_GROUPS)[number];
