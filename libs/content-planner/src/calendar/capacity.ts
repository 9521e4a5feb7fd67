import type { ContentFormat, TeamMember } from '@throughline/strategy-contract';
import { addDays, daysBetween, isoWeekday } from '../findings/dates.js';
import type { Span } from './slots.js';

/** Hours that an item takes, by position in the team. */
export type HoursByMember = Map<number, number>;

const WORKING_DAYS = 5;

/**
 * What a team can do, day by day: a fifth of the week's hours on each working day that is no holiday. What comes out on
 * a day is made by then; hours not used go to what comes out later.
 */
export class TeamCapacity {
  private readonly upTo: number[][];
  private readonly used: number[][];

  constructor(
    readonly team: readonly TeamMember[],
    private readonly span: Span,
  ) {
    const days = Array.from({ length: span.weeks * 7 }, (_, day) => addDays(span.start, day));
    const isWorked = days.map((date) => isoWeekday(date) <= WORKING_DAYS && !span.holidays.has(date));
    this.upTo = team.map(({ hoursPerWeek }) => {
      let worked = 0;
      return isWorked.map((isDay) => ((worked += isDay ? 1 : 0) * hoursPerWeek) / WORKING_DAYS);
    });
    this.used = team.map(() => new Array<number>(days.length).fill(0));
  }

  /** Hours that an item of a format takes; `undefined` where nobody states any. */
  hoursFor(format: ContentFormat): HoursByMember | undefined {
    const hours = new Map<number, number>();
    this.team.forEach(({ hoursPerFormat }, member) => {
      const needed = hoursPerFormat?.[format];
      if (needed !== undefined && needed > 0) hours.set(member, needed);
    });
    return hours.size === 0 ? undefined : hours;
  }

  /** The member whose hours do not suffice for an item that comes out on a day; `undefined` where all suffice. */
  shortBy(hours: HoursByMember, date: string): TeamMember | undefined {
    const day = daysBetween(this.span.start, date);
    for (const [member, needed] of hours) {
      const [upTo, used] = [this.upTo[member] as number[], this.used[member] as number[]];
      let sum = 0;
      for (let at = 0; at < upTo.length; at += 1) {
        sum += used[at] as number;
        if (at >= day && sum + needed > (upTo[at] as number) + 1e-9) return this.team[member] as TeamMember;
      }
    }
    return undefined;
  }

  take(hours: HoursByMember, date: string): void {
    const day = daysBetween(this.span.start, date);
    for (const [member, needed] of hours) {
      const used = this.used[member] as number[];
      used[day] = (used[day] as number) + needed;
    }
  }

  /** Hours of all members over the whole plan, less holidays. */
  totalHours(): number {
    return this.upTo.reduce((sum, days) => sum + (days[days.length - 1] ?? 0), 0);
  }

  /** The member who gives most of an item's hours. */
  ownerOf(hours: HoursByMember): string | undefined {
    const [most] = [...hours].sort(([a, x], [b, y]) => y - x || a - b);
    return most === undefined ? undefined : this.team[most[0]]?.role;
  }
}

/** Hours of an item, all members together. */
export function totalOf(hours: HoursByMember): number {
  return [...hours.values()].reduce((sum, value) => sum + value, 0);
}
