import Holidays from 'date-holidays';
import type { Frequency } from '@throughline/strategy-contract';
import { addDays, dateOfDay, dayNumber, isoWeekday, nextMonday } from '../findings/dates.js';

/** A day on which something can come out. */
export interface Slot {
  date: string;
  /** Week of the plan, from 1. */
  week: number;
  /** The holiday from which it was moved. */
  movedFrom?: string;
}

/** The weeks of a plan. */
export interface Span {
  /** A Monday. */
  start: string;
  weeks: number;
  /** Public holidays by date. */
  holidays: ReadonlyMap<string, string>;
}

const DEFAULT_WEEKDAYS: Record<Frequency, number[]> = {
  daily: [1, 2, 3, 4, 5],
  several_per_week: [2, 3, 4],
  weekly: [2],
  biweekly: [2],
  monthly: [2],
  quarterly: [2],
};

/** Public holidays of a country between two dates, by date; empty for a country that is not known. */
export function publicHolidays(country: string, from: string, to: string): Map<string, string> {
  const calendar = new Holidays(country, { types: ['public'] });
  const holidays = new Map<string, string>();
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year += 1) {
    for (const { date, name } of calendar.getHolidays(year, 'en') ?? []) holidays.set(date.slice(0, 10), name);
  }
  return holidays;
}

/** The weeks of a plan that begins on or after a day. */
export function spanFrom(day: string, weeks: number, country: string | undefined): Span {
  const start = nextMonday(day);
  const holidays =
    country === undefined ? new Map<string, string>() : publicHolidays(country, start, addDays(start, weeks * 7));
  return { start, weeks, holidays };
}

function datesOfWeek({ start, holidays }: Span, week: number, weekdays: readonly number[]): Slot[] {
  const taken = new Set<string>();
  return weekdays.flatMap((weekday) => {
    const wanted = addDays(start, (week - 1) * 7 + weekday - 1);
    let day = dayNumber(wanted);
    // The next working day that is free, or else none: a week of holidays has no slot.
    while (
      holidays.has(dateOfDay(day)) ||
      taken.has(dateOfDay(day)) ||
      (day > dayNumber(wanted) && isoWeekday(dateOfDay(day)) > 5)
    ) {
      day += 1;
    }
    const date = dateOfDay(day);
    if (dayNumber(date) >= dayNumber(start) + week * 7) return [];
    taken.add(date);
    const holiday = holidays.get(wanted);
    return [{ date, week, ...(holiday === undefined ? {} : { movedFrom: `${holiday} (${wanted})` }) }];
  });
}

function isSlotWeek(frequency: Frequency, { start }: Span, week: number): boolean {
  if (frequency === 'biweekly') return week % 2 === 1;
  if (frequency !== 'monthly' && frequency !== 'quarterly') return true;
  const monday = addDays(start, (week - 1) * 7);
  const isFirstOfMonth = week === 1 || monday.slice(0, 7) !== addDays(monday, -7).slice(0, 7);
  if (frequency === 'monthly' || !isFirstOfMonth) return isFirstOfMonth;
  const months =
    (Number(monday.slice(0, 4)) - Number(start.slice(0, 4))) * 12 +
    Number(monday.slice(5, 7)) -
    Number(start.slice(5, 7));
  return months % 3 === 0;
}

/** Slots of a plan at a frequency, on the weekdays that are asked for (1 is Monday), holidays moved to the next working day. */
export function slotsOf(span: Span, frequency: Frequency, weekdays: readonly number[] | undefined): Slot[] {
  const days = weekdays === undefined ? DEFAULT_WEEKDAYS[frequency] : [...new Set(weekdays)].sort((a, b) => a - b);
  const perWeek = frequency === 'daily' ? 7 : frequency === 'several_per_week' ? 3 : 1;
  const slots: Slot[] = [];
  let turn = 0;
  for (let week = 1; week <= span.weeks; week += 1) {
    if (!isSlotWeek(frequency, span, week)) continue;
    // Fewer slots than days: take the days in turn, so that each of them is used.
    const chosen =
      perWeek >= days.length
        ? days
        : Array.from({ length: perWeek }, (_, at) => days[(turn + at) % days.length] as number);
    turn += perWeek;
    slots.push(
      ...datesOfWeek(
        span,
        week,
        [...chosen].sort((a, b) => a - b),
      ),
    );
  }
  return slots;
}
