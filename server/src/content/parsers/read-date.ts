/** A day; or two numbers of which nothing in the text tells which is the day. */
export type DateReading = { day: string } | { first: number; second: number; year: number };

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const FULL_MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:$|[T\s])/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:$|T)/;
const DAY_DOT_MONTH = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?:$|[,\s])/;
const NAMED_DAY_FIRST =
  /^(?:[a-z]+,?\s+)?(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4}|\d{2})(?:$|[,\s])/i;
const NAMED_MONTH_FIRST = /^(?:[a-z]+,\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:$|[,\s])/i;
const TWO_NUMBERS = /^(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?:$|[,\s])/;

/** YYYY-MM-DD of a day that the calendar has, from 1970 to 2199. */
export function toDay(year: number, month: number, day: number): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal && year >= 1970 && year < 2200 ? date.toISOString().slice(0, 10) : undefined;
}

function monthNumber(name: string): number {
  const lower = name.toLowerCase();
  const index = lower === 'sept' ? 8 : Math.max(MONTHS.indexOf(lower), FULL_MONTHS.indexOf(lower));
  return index + 1;
}

/** RFC 822 feeds write years with two digits; RFC 2822, section 4.3: 00 to 49 are of this century. */
function fullYear(text: string): number {
  const year = Number(text);
  return text.length === 4 ? year : year + (year < 50 ? 2000 : 1900);
}

function asDay(year: number, month: number, day: number): DateReading | undefined {
  const found = toDay(year, month, day);
  return found === undefined ? undefined : { day: found };
}

/**
 * Reads the day of a date as it is written: its time and zone are left aside, so that a post of the evening does not
 * move to the next day. `undefined`: not a whole day, or not one of the calendar.
 */
export function readDate(text: string): DateReading | undefined {
  if (text.length > 80) return undefined;
  let match = YEAR_FIRST.exec(text);
  if (match) return asDay(Number(match[1]), Number(match[3]), Number(match[4]));
  match = COMPACT.exec(text);
  if (match) return asDay(Number(match[1]), Number(match[2]), Number(match[3]));
  match = DAY_DOT_MONTH.exec(text);
  if (match) return asDay(Number(match[3]), Number(match[2]), Number(match[1]));
  match = NAMED_DAY_FIRST.exec(text);
  if (match) return asDay(fullYear(match[3]!), monthNumber(match[2]!), Number(match[1]));
  match = NAMED_MONTH_FIRST.exec(text);
  if (match) return asDay(Number(match[3]), monthNumber(match[1]!), Number(match[2]));
  match = TWO_NUMBERS.exec(text);
  return match ? { first: Number(match[1]), second: Number(match[3]), year: Number(match[4]) } : undefined;
}
