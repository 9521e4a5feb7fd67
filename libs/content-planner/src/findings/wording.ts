import { type ContentItem, type Figure, SINGULAR_UNITS } from '@throughline/strategy-contract';
import { cleanText } from '../text/clean-text.js';
import { round } from './figures.js';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** A number as English prose writes it, whatever the machine's locale: `12,345.6`. */
export function formatNumber(value: number): string {
  const [whole, fraction] = String(round(value, Math.abs(value) < 10 ? 2 : 1)).split('.') as [string, string?];
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function formatPercent(value: number): string {
  const isNearEnd = Math.abs(value) < 2 || (value > 98 && value < 102 && value !== 100);
  return `${formatNumber(isNearEnd ? round(value, 1) : Math.round(value))}%`;
}

/** A count with its noun: `1 page`, `2 pages`. */
export function count(value: number, noun: string, plural = `${noun}s`): string {
  return `${formatNumber(value)} ${value === 1 ? noun : plural}`;
}

function sayValue(value: number, unit: string): string {
  // A rate is divided by: rounded to whole percent, the reader's own sum would come out differently.
  if (unit === 'rate') return `${formatNumber(round(value * 100, 2))}%`;
  if (unit === 'share') return formatPercent(value * 100);
  if (unit === 'percent') return formatPercent(value);
  const noun = SINGULAR_UNITS[unit];
  if (noun !== undefined) return count(value, noun);
  if (/^[A-Z]{3}$/.test(unit)) return `${unit} ${formatNumber(Math.abs(value) >= 100 ? Math.round(value) : value)}`;
  if (unit.includes('/')) return `${formatNumber(value)} ${unit.replace('/', ' a ').replace('a item', 'an item')}`;
  return formatNumber(value);
}

/** A figure in a sentence. */
export function say({ value, unit }: Figure): string {
  return typeof value === 'number'
    ? sayValue(value, unit)
    : `${sayValue(value[0], unit)} to ${sayValue(value[1], unit)}`;
}

/** Only the number of a figure, as a sentence would write it. */
export function sayNumber({ value }: Figure): string {
  return typeof value === 'number' ? formatNumber(value) : `${formatNumber(value[0])} to ${formatNumber(value[1])}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[], conjunction = 'and'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words[words.length - 1]}`;
}

/** Words of another, marked as such; what they quote themselves stands in single marks. */
export function quote(text: string): string {
  const inner = cleanText(text)
    .replace(/["“]([^"“”]*)["”]/g, '‘$1’')
    .replace(/["“”]/g, '’');
  return `“${inner.replace(/\.$/, '')}”`;
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A noun with its article: `an article`, `a guide`. */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** Small first letter, except of abbreviations and of names that have further words in capitals. */
export function lowerFirst(text: string): string {
  const [first = '', ...others] = text.split(' ');
  const isName = !/^\p{Lu}\p{Ll}+$/u.test(first.replace(/[-’'.,:].*$/, '')) || /^\p{Lu}/u.test(others[0] ?? '');
  return isName ? text : `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

/** The text ending in one full stop. */
export function asSentence(text: string): string {
  return /[.!?…][”']?$/.test(text) ? text : `${text}.`;
}

/** `March 2024` of a YYYY-MM-DD. */
export function sayMonth(date: string): string {
  return `${MONTHS[Number(date.slice(5, 7)) - 1] ?? ''} ${date.slice(0, 4)}`.trim();
}

/** Name of a month, 1 to 12. */
export function monthName(month: number): string {
  return MONTHS[month - 1] ?? '';
}

const LANGUAGES = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });

/** Name of a language by its BCP 47 tag: `es` is Spanish. */
export function languageName(tag: string): string {
  try {
    return LANGUAGES.of(tag) ?? tag;
  } catch (error) {
    // A tag that is well-formed for the brief can still be none that names a language.
    if (error instanceof RangeError) return tag;
    throw error;
  }
}

/** Name of an ISO weekday, 1 (Monday) to 7. */
export function weekdayName(weekday: number): string {
  return WEEKDAYS[weekday - 1] ?? '';
}

/** Name of a format or another word with underscores, in running text. */
export function sayWord(word: string): string {
  return word.replaceAll('_', ' ');
}

/** Formats that have no plural of their own. */
const UNCOUNTED: ReadonlySet<string> = new Set(['social', 'interactive']);

/** Name of a format in the plural: `case_study` → `case studies`. */
export function formatPlural(format: string): string {
  return UNCOUNTED.has(format) ? `${format} formats` : `${sayWord(format).replace(/y$/, 'ie')}s`;
}

/** A page's title; where that holds no word (a broken export), what its address says. */
export function pageTitle(item: Pick<ContentItem, 'title' | 'url'>): string {
  const title = cleanText(item.title);
  if (/[\p{L}\p{N}]/u.test(title)) return title;
  const slug =
    item.url
      .replace(/[?#].*$/, '')
      .replace(/\/+$/, '')
      .split('/')
      .pop() ?? '';
  return capitalize(slug.replace(/\.[a-z]+$/, '').replace(/[-_]+/g, ' ')) || item.url;
}
