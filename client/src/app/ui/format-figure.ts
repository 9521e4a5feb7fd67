import { type Figure, SINGULAR_UNITS } from '@throughline/strategy-contract';

const NUMBER = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const CURRENCY = /^[A-Z]{3}$/;
/** Units that a reader needs no word for, or that have a shape of their own. */
const WORDLESS = new Set(['other', 'money', 'index', 'revenue']);

function formatNumber(value: number): string {
  return (Math.abs(value) >= 1000 ? WHOLE : NUMBER).format(value);
}

function formatOne(value: number, unit: string): string {
  if (unit === 'share' || unit === 'rate') return `${formatNumber(value * 100)}`;
  return formatNumber(value);
}

function unitWord(value: Figure['value'], unit: string): string {
  if (unit === 'percent' || unit === 'share' || unit === 'rate') return '%';
  if (WORDLESS.has(unit)) return '';
  return value === 1 ? (SINGULAR_UNITS[unit] ?? unit) : unit;
}

function asMoney(value: number, currency: string): string {
  const digits = Math.abs(value) >= 100 ? 0 : 2;
  return new Intl.NumberFormat('en', { style: 'currency', currency, maximumFractionDigits: digits }).format(value);
}

/** A figure as text with its unit, as in "12 pages", "4.5 %", "€1,200" or "3–5 items/week". */
export function formatFigure({ value, unit }: Pick<Figure, 'value' | 'unit'>): string {
  const bounds = typeof value === 'number' ? [value] : value;
  if (CURRENCY.test(unit)) return bounds.map((bound) => asMoney(bound, unit)).join('–');
  const word = unitWord(value, unit);
  const text = bounds.map((bound) => formatOne(bound, unit)).join('–');
  return word === '' ? text : `${text}\u00a0${word}`;
}

/** A key of `figures` in words: `publishedPerWeek` is "Published per week". */
export function figureLabel(key: string): string {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase()
    .replace(/\b(ctr|cta|seo|kpi|roi|rice|url)\b/g, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}
