import type { CalendarFinding, Figure, Section, TeamMember } from '@throughline/strategy-contract';
import { readHorizon } from '../context/horizon.js';
import type { SectionContext } from '../context/section-context.js';
import { computed, counted, stated } from '../findings/figures.js';
import { fields, mergeInputs } from '../findings/inputs.js';
import { joinWords, quote, say } from '../findings/wording.js';
import { stepsPassed, type RiskDraft } from './risk-desk.js';

/** Share of the team's hours from which on a calendar leaves little slack. */
const LITTLE_SLACK = 0.85;
const BASE = {
  rule: 'capacity',
  method: 'Hours that the scheduled items take against hours stated, over all and by role',
};

/** Hours of a team against those of a calendar. */
interface Load {
  available: Figure;
  needed: Figure;
  share: Figure;
  /** The role with the least slack. */
  tightest: { role: string; share: Figure };
  /** Items that wait for hours. */
  waiting: CalendarFinding[];
}

function hoursOf({ hoursPerFormat }: TeamMember, entries: readonly CalendarFinding[]): number {
  return entries.reduce((sum, { format }) => sum + (hoursPerFormat?.[format] ?? 0), 0);
}

function measureLoad(team: readonly TeamMember[], weeks: number, findings: readonly CalendarFinding[]): Load {
  const entries = findings.filter(({ kind }) => kind === 'entry');
  const hoursPerWeek = team.reduce((sum, member) => sum + member.hoursPerWeek, 0);
  const needed = team.reduce((sum, member) => sum + hoursOf(member, entries), 0);
  const loads = team.map((member) => ({
    role: member.role,
    // A role without hours that nothing is asked of has all the slack there is.
    load: hoursOf(member, entries) / Math.max(1, member.hoursPerWeek * weeks),
  }));
  const [first] = loads.sort((x, y) => y.load - x.load || (x.role < y.role ? -1 : 1));
  return {
    available: computed(hoursPerWeek * weeks, 'hours', 'hours a week of all roles × weeks of the plan'),
    needed: computed(needed, 'hours', 'sum of the hours of the scheduled items'),
    share: computed(
      needed / Math.max(1, hoursPerWeek * weeks),
      'share',
      'hours of the scheduled items ÷ hours of the team',
    ),
    tightest: {
      role: first?.role ?? '',
      share: computed(first?.load ?? 0, 'share', 'hours of the role’s part of the items ÷ its hours over the plan'),
    },
    waiting: findings.filter(
      ({ kind, constraint = '' }) => kind === 'unscheduled' && constraint.startsWith('Hours of'),
    ),
  };
}

function titleOf({ needed, tightest, waiting }: Load): string {
  if (waiting.length > 0) return 'Hours, not ideas, hold the calendar back';
  if (needed.value === 0) return 'The team may not have the hours';
  if ((tightest.share.value as number) >= LITTLE_SLACK) return `The calendar leaves the ${tightest.role} little slack`;
  return 'The dates hold only while the team keeps its hours free';
}

function sayRoles(team: readonly TeamMember[]): string {
  return joinWords(
    team.map(({ role, hoursPerWeek }) => `${quote(role)} with ${say(stated(hoursPerWeek, 'hours'))} a week`),
  );
}

function loadRisk(team: readonly TeamMember[], load: Load, inputs: RiskDraft['inputs']): RiskDraft {
  const { available, needed, share, tightest, waiting } = load;
  const isKnown = needed.value !== 0;
  const kept = counted(waiting.length, 'items', 'calendar');
  const wait = waiting.length === 0 ? '' : `, and ${say(kept)} ${waiting.length === 1 ? 'waits' : 'wait'} for hours`;
  const hours = Object.fromEntries(
    team.map(({ role, hoursPerWeek }) => [`${role} hours`, stated(hoursPerWeek, 'hours/week')]),
  );
  return {
    ...BASE,
    title: titleOf(load),
    why: isKnown
      ? `The scheduled items take ${say(share)} of the team’s ${say(available)} before holidays and other work, and ${say(tightest.share)} of the hours of the ${tightest.role}${wait}.`
      : `The team has ${say(available)} over the plan, but the brief does not say how many an item takes.`,
    drivers: [`Team: ${sayRoles(team)}`, ...waiting.slice(0, 3).map(({ title }) => `Waiting: ${title}`)],
    mitigation:
      waiting.length > 0
        ? 'Add hours to the role that binds, or drop the longest format from the mix.'
        : 'Keep one slot in five free for what nobody planned.',
    figures: { available, ...(isKnown ? { needed, share, tightest: tightest.share, waiting: kept } : {}), ...hours },
    inputs,
    ...(isKnown
      ? { score: { likelihood: stepsPassed(tightest.share.value as number, [0.5, 0.7, 0.85, 0.95]), impact: 4 } }
      : {}),
  };
}

/** Whether the team's hours hold the calendar, and on whom it rests. */
export function capacityRisks(context: SectionContext, calendar: Section<CalendarFinding> | undefined): RiskDraft[] {
  const team = context.brief.read('business.team');
  const { weeks } = readHorizon(context);
  const inputs = mergeInputs(fields('business.team', 'business.horizonWeeks'), calendar?.inputsUsed ?? []);
  const findings = calendar?.findings ?? [];
  if (team !== undefined) {
    return [loadRisk(team, measureLoad(team, weeks, findings), inputs), ...ownerRisk(findings, inputs)];
  }
  return [
    {
      ...BASE,
      title: 'The team may not have the hours',
      why: 'The brief states no hours, so nothing checks that the calendar can be kept.',
      drivers: ['No team hours are stated'],
      mitigation: 'State the hours a week and the hours per format before promising dates.',
      figures: {},
      inputs,
    },
  ];
}

function ownerRisk(findings: readonly CalendarFinding[], inputs: RiskDraft['inputs']): RiskDraft[] {
  const owned = findings.filter(({ kind, owner }) => kind === 'entry' && owner !== undefined);
  const counts = new Map<string, number>();
  for (const { owner } of owned) counts.set(owner as string, (counts.get(owner as string) ?? 0) + 1);
  const [most] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  if (most === undefined || most[1] / owned.length < 0.8) return [];
  const items = counted(most[1], 'items', 'calendar');
  const share = computed(most[1] / owned.length, 'share', 'items of the role ÷ items with an owner');
  return [
    {
      rule: 'single owner',
      title: `The calendar rests on the ${most[0]}`,
      why: `The role owns ${say(items)}, ${say(share)} of the calendar; when it is away, nearly nothing comes out.`,
      drivers: [`${say(items)} owned by one role`],
      mitigation: 'Name a second owner for the items of the first two months.',
      figures: { items, share },
      inputs,
      method: 'Items by the role that gives most of their hours',
      score: { likelihood: stepsPassed(share.value as number, [0.6, 0.7, 0.8, 0.95]), impact: 3 },
    },
  ];
}
