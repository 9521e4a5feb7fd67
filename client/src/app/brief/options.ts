import {
  CONTENT_FORMATS,
  FREQUENCIES,
  JOURNEY_STAGES,
  MONEY_PERIODS,
  POSITIONS,
  TARGET_METRIC_UNITS,
  VOICES,
} from '@throughline/strategy-contract';

/** A value that can be chosen, with what a reader sees. */
export interface Option {
  value: string;
  label: string;
}

function inWords(value: string): string {
  const words = value.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const options = (values: readonly string[], labels: Record<string, string> = {}): Option[] =>
  values.map((value) => ({ value, label: labels[value] ?? inWords(value) }));

export const FORMAT_OPTIONS = options(CONTENT_FORMATS);
export const FREQUENCY_OPTIONS = options(FREQUENCIES, {
  several_per_week: 'Several times a week',
  biweekly: 'Every two weeks',
});
export const VOICE_OPTIONS = options(VOICES);
export const POSITION_OPTIONS = options(POSITIONS);
export const METRIC_UNIT_OPTIONS = options(TARGET_METRIC_UNITS, { signups: 'Sign-ups' });
export const PERIOD_OPTIONS = options(MONEY_PERIODS, {
  month: 'per month',
  quarter: 'per quarter',
  year: 'per year',
  total: 'in total',
});
export const STAGE_OPTIONS = options(JOURNEY_STAGES);
export const WEEKDAY_OPTIONS = options(['1', '2', '3', '4', '5', '6', '7'], {
  1: 'Mon',
  2: 'Tue',
  3: 'Wed',
  4: 'Thu',
  5: 'Fri',
  6: 'Sat',
  7: 'Sun',
});

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/** Codes that name no country: unions, pseudo-locales, the unknown. */
const NOT_COUNTRIES = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ']);

/** All countries by name, from what the browser knows; codes that were replaced are left out. */
export function countryOptions(): Option[] {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  return LETTERS.flatMap((first) => LETTERS.map((second) => first + second))
    .filter((code) => !NOT_COUNTRIES.has(code) && new Intl.Locale(`und-${code}`).region === code)
    .flatMap((value) => {
      const label = names.of(value);
      return label === undefined ? [] : [{ value, label }];
    })
    .sort((one, other) => one.label.localeCompare(other.label));
}
