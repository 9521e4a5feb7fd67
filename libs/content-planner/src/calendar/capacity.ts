import type { ContentFormat, TeamMember } from '@throughline/strategy-contract';
import { addDays, isoWeekday } from '../findings/dates.js';
import type { Span } from './slots.js';

/** Hours that an item takes, by position in the team. */
export type HoursByMember = Map<number, number>;

// Working days of a week that are not holidays, as a share of five.
function workingShare({ start, holidays }: Span, week: number): number {
  const days = Array.from({ length: 7 }, (_, day) => addDays(start, (week - 1) * 7 + day));
  const free = days.filter((date) => isoWeekday(date) <= 5 && holidays.has(date)).length;
  return (5 - free) / 5;
}

/** What a team can do, week by week, less holidays. Hours not used in a week go to what comes out later. */
export class TeamCapacity {
  private readonly upTo: number[][];
  private readonly used: number[][];

  constructor(
    readonly team: readonly TeamMember[],
    span: Span,
  ) {
    this.upTo = team.map(({ hoursPerWeek }) => {
      let sum = 0;
      return Array.from({ length: span.weeks }, (_, at) => (sum += hoursPerWeek * workingShare(span, at + 1)));
    });
    this.used = team.map(() => new Array<number>(span.weeks).fill(0));
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

  /** The member whose hours do not suffice for an item that comes out in a week; `undefined` where all suffice. */
  shortBy(hours: HoursByMember, week: number): TeamMember | undefined {
    for (const [member, needed] of hours) {
      const [upTo, used] = [this.upTo[member] as number[], this.used[member] as number[]];
      let sum = 0;
      for (let at = 0; at < upTo.length; at += 1) {
        sum += used[at] as number;
        if (at + 1 >= week && sum + needed > (upTo[at] as number) + 1e-9) return this.team[member] as TeamMember;
      }
    }
    return undefined;
  }

  take(hours: HoursByMember, week: number): void {
    for (const [member, needed] of hours) {
      const used = this.used[member] as number[];
      used[week - 1] = (used[week - 1] as number) + needed;
    }
  }

  /** Hours of all members over the whole plan, less holidays. */
  totalHours(): number {
    return this.upTo.reduce((sum, weeks) => sum + (weeks[weeks.length - 1] ?? 0), 0);
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
