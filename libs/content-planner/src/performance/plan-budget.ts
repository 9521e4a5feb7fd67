import {
  type BudgetFinding,
  type CalendarFinding,
  type ContentFormat,
  type Figure,
  type Input,
  type Money,
  type Section,
  type TeamMember,
} from '@throughline/strategy-contract';
import { readHorizon, type Horizon } from '../context/horizon.js';
import type { SectionContext } from '../context/section-context.js';
import { computed, counted, stated } from '../findings/figures.js';
import { identifiers } from '../findings/identifiers.js';
import { fields, mergeInputs } from '../findings/inputs.js';
import { partial, ready, unavailable, type Supply } from '../findings/sections.js';
import { capitalize, joinWords, quote, say, sayWord } from '../findings/wording.js';

const WEEKS_OF: Record<Exclude<Money['per'], 'total'>, number> = { month: 52 / 12, quarter: 13, year: 52 };
/** A stated budget says for how long it is. */
const BUDGET_NAMES: Record<Money['per'], string> = {
  month: 'budgetPerMonth',
  quarter: 'budgetPerQuarter',
  year: 'budgetPerYear',
  total: 'budgetInTotal',
};
const COST_SUPPLY: Supply = {
  what: 'what an hour of each role costs, and how many hours each format takes it (business.team in the brief)',
  adds: 'the cost of each format, worked out bottom-up',
};

interface FormatLoad {
  format: ContentFormat;
  items: number;
}

function loadOf(entries: readonly CalendarFinding[]): FormatLoad[] {
  const counts = new Map<ContentFormat, number>();
  for (const { format } of entries) counts.set(format, (counts.get(format) ?? 0) + 1);
  return [...counts]
    .map(([format, items]) => ({ format, items }))
    .sort((a, b) => b.items - a.items || (a.format < b.format ? -1 : 1));
}

function moneyFor({ amount, per }: Money, weeks: number): number {
  return per === 'total' ? amount : (amount / WEEKS_OF[per]) * weeks;
}

/** Writes the lines of a budget in one currency. */
class BudgetWriter {
  private readonly id = identifiers('budget');

  constructor(
    private readonly unit: string,
    private readonly inputs: Input[],
  ) {}

  costLine({ format, items }: FormatLoad, team: readonly TeamMember[]): BudgetFinding {
    const working = team.filter(
      ({ hoursPerFormat, hourlyCost }) => (hoursPerFormat?.[format] ?? 0) > 0 && hourlyCost !== undefined,
    );
    const each = working.reduce(
      (sum, { hoursPerFormat, hourlyCost = 0 }) => sum + (hoursPerFormat?.[format] ?? 0) * hourlyCost,
      0,
    );
    const perItem = computed(each, this.unit, 'sum over roles of hours per item × cost of an hour');
    const cost = computed(each * items, this.unit, 'items × cost of an item');
    const count = counted(items, 'items', 'calendar');
    return this.finding({
      key: format,
      kind: 'line',
      format,
      title: capitalize(sayWord(format)),
      why: `${capitalize(say(count))} at ${say(perItem)}${items === 1 ? '' : ' each'}, worked on by ${joinWords(working.map(({ role }) => quote(role)))}, ${items === 1 ? 'comes' : 'come'} to ${say(cost)}.`,
      method: 'Bottom-up: items × hours of each role × cost of an hour',
      figures: { items: count, perItem, cost },
      assumptions: ['Refreshing or merging a page takes the hours of writing one.'],
    });
  }

  shareLine({ format, items }: FormatLoad, total: number, available: number): BudgetFinding {
    const share = computed(items / total, 'share', 'items of the format ÷ items in the calendar');
    const cost = computed((available * items) / total, this.unit, 'budget over the plan × share');
    const count = counted(items, 'items', 'calendar');
    return this.finding({
      key: format,
      kind: 'line',
      format,
      title: capitalize(sayWord(format)),
      why: `${capitalize(say(count))}, ${say(share)} of the calendar, would take ${say(cost)} if each item cost the same.`,
      method: 'Heuristic: the stated budget shared evenly over the items of the calendar',
      figures: { items: count, share, cost },
      assumptions: ['Each item costs the same; the brief does not say what an hour costs.'],
      isHeuristic: true,
    });
  }

  total(spent: number, budget: Money | undefined, { weeks, figure }: Horizon): BudgetFinding {
    const cost = computed(spent, this.unit, 'sum of the lines');
    const figures: Record<string, Figure> = { cost };
    let why = `All lines together come to ${say(cost)}; the brief states no budget to hold this against.`;
    if (budget !== undefined) {
      const available = computed(moneyFor(budget, weeks), this.unit, `stated budget over ${weeks} weeks`);
      const share = computed(
        (available.value as number) === 0 ? 0 : spent / (available.value as number),
        'share',
        'cost ÷ budget over the plan',
      );
      Object.assign(figures, {
        [BUDGET_NAMES[budget.per]]: stated(budget.amount, this.unit),
        available,
        share,
        weeks: figure,
      });
      const isOver = spent > (available.value as number);
      why = `All lines together come to ${say(cost)}, ${say(share)} of the ${say(available)} that the budget gives the plan${isOver ? ': it does not cover the calendar' : ''}.`;
    }
    return this.finding({
      key: 'total',
      kind: 'total',
      title: 'Cost of the calendar',
      why,
      method: 'Sum of the lines, against the stated budget over the weeks of the plan',
      figures,
      assumptions: [],
    });
  }

  private finding(
    draft: Pick<BudgetFinding, 'kind' | 'title' | 'why' | 'method' | 'figures' | 'assumptions'> & {
      key: string;
      format?: ContentFormat;
      isHeuristic?: boolean;
    },
  ): BudgetFinding {
    const { key, isHeuristic = false, format, ...rest } = draft;
    return {
      ...rest,
      id: this.id(rest.kind, key),
      inputsUsed: this.inputs,
      confidence: isHeuristic ? 'low' : 'high',
      ...(format === undefined ? {} : { format }),
    };
  }
}

/** What the calendar costs, from hours and their cost, or else how a stated budget would spread over it. */
export function planBudget(context: SectionContext): Section<BudgetFinding> {
  const team = context.brief.read('business.team') ?? [];
  const budget = context.brief.read('business.budget');
  const horizon = readHorizon(context);
  const calendar = context.section('calendar');
  const entries = (calendar?.findings ?? []).filter(({ kind }) => kind === 'entry');
  if (calendar === undefined || entries.length === 0) {
    return unavailable(context, 'There is no calendar to cost.', [
      { what: 'what the calendar lacks', adds: 'items to cost' },
    ]);
  }
  const load = loadOf(entries);
  const isCosted = ({ format }: FormatLoad) =>
    team.some(({ hoursPerFormat, hourlyCost }) => (hoursPerFormat?.[format] ?? 0) > 0 && hourlyCost !== undefined);
  const costed = load.filter(isCosted);
  context.report({ done: 2, total: 2, message: `Costed ${costed.length} of ${load.length} formats` });
  const unit = budget?.currency ?? 'money';
  const writer = new BudgetWriter(
    unit,
    mergeInputs(fields('business.team', 'business.budget', 'business.horizonWeeks'), calendar.inputsUsed),
  );
  if (costed.length > 0) {
    const lines = costed.map((line) => writer.costLine(line, team));
    const spent = lines.reduce((sum, { figures }) => sum + ((figures['cost'] as Figure).value as number), 0);
    const findings = [...lines, writer.total(spent, budget, horizon)];
    const uncosted = team.filter(
      ({ hoursPerFormat, hourlyCost }) => hourlyCost === undefined && Object.keys(hoursPerFormat ?? {}).length > 0,
    );
    if (costed.length === load.length && uncosted.length === 0) return ready(context, findings);
    const whose = uncosted.length > 0 ? `of ${joinWords(uncosted.map(({ role }) => quote(role)))}` : 'of some formats';
    return partial(context, findings, `The cost ${whose} is not known, so the sum is too low.`, [COST_SUPPLY]);
  }
  if (budget === undefined) {
    return unavailable(context, 'The brief states neither a budget nor what the team’s hours cost.', [
      COST_SUPPLY,
      { what: 'the budget (business.budget in the brief)', adds: 'how it would spread over the calendar' },
    ]);
  }
  const available = moneyFor(budget, horizon.weeks);
  const findings = [
    ...load.map((line) => writer.shareLine(line, entries.length, available)),
    writer.total(available, budget, horizon),
  ];
  return partial(
    context,
    findings,
    'What an hour costs is not stated, so the budget is only spread evenly over the calendar.',
    [COST_SUPPLY],
  );
}
