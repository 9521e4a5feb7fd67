const DAY_MS = 86_400_000;

/** Days since 1970-01-01 of a YYYY-MM-DD. */
export function dayNumber(date: string): number {
  return Math.round(Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / DAY_MS);
}

/** YYYY-MM-DD of a day number. */
export function dateOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

export function addDays(date: string, days: number): string {
  return dateOfDay(dayNumber(date) + days);
}

export function daysBetween(from: string, to: string): number {
  return dayNumber(to) - dayNumber(from);
}

/** ISO weekday, 1 (Monday) to 7. */
export function isoWeekday(date: string): number {
  return ((dayNumber(date) + 3) % 7) + 1;
}

/** The Monday on or after a date. */
export function nextMonday(date: string): string {
  return addDays(date, (8 - isoWeekday(date)) % 7);
}

/** The same day so many months earlier, or the last day of that month. */
export function monthsBefore(date: string, months: number): string {
  const index = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 - months;
  const [year, month] = [Math.floor(index / 12), (index % 12) + 1];
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const day = Math.min(last, Number(date.slice(8, 10)));
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Days that make a month in a rate. */
export const DAYS_PER_MONTH = 30.44;
