import type { CalendarFinding, Figure, Frequency } from '@throughline/strategy-contract';
import type { BriefPath } from '../context/brief-reader.js';
import type { Horizon, Start } from '../context/horizon.js';
import { stated } from '../findings/figures.js';
import { identifiers } from '../findings/identifiers.js';
import { fields, mergeInputs } from '../findings/inputs.js';
import { monthName, say, sayWord, withArticle } from '../findings/wording.js';
import type { Acceptance } from './acceptance.js';
import { totalOf, type TeamCapacity } from './capacity.js';
import { PRIORITY_METHOD, type RankedItem } from './prioritize.js';
import type { Placed } from './schedule.js';
import type { Span } from './slots.js';

const MOST_UNSCHEDULED = 25;

interface Setting {
  acceptance: Acceptance;
  peakMonths: readonly number[];
  frequency: Frequency;
  span: Span;
  start: Start;
  horizon: Horizon;
  country: string | undefined;
  capacity?: TeamCapacity;
}

// Weeks are whole: a plan begins on a Monday.
function saySpanStart(monday: string, { day, stated: wanted }: Start): string {
  if (wanted === undefined) return `${monday}, the next Monday, as the brief states no start`;
  if (wanted < day) return `${monday}, the next Monday, as the brief’s start, ${wanted}, has passed`;
  return wanted === monday
    ? `${monday}, the brief’s start`
    : `${monday}, the first Monday from the brief’s start, ${wanted}`;
}

const RANKED_BY: BriefPath[] = ['business.objectives', 'audience.painPoints', 'audience.personas'];

/** Writes placed items as findings: entries by date, then what found no place, by priority. */
export class CalendarWriter {
  private readonly id = identifiers('calendar');

  constructor(private readonly setting: Setting) {}

  write(placed: readonly Placed[]): CalendarFinding[] {
    const entries = placed.filter((one) => 'slot' in one).sort((a, b) => (a.slot.date < b.slot.date ? -1 : 1));
    const waiting = placed.filter((one) => 'constraint' in one).slice(0, MOST_UNSCHEDULED);
    return [
      ...entries.map(({ item, slot }): CalendarFinding => {
        const month = Number(slot.date.slice(5, 7));
        const peak = this.setting.peakMonths.includes(month);
        return {
          ...this.finding(
            item,
            [
              ...(slot.movedFrom === undefined ? [] : [`Moved from ${slot.movedFrom} to the next working day.`]),
              ...(peak ? [`Falls in ${monthName(month)}, a peak by the brief, which is kept for new content.`] : []),
            ],
            peak ? ['audience.seasonality'] : [],
          ),
          kind: 'entry',
          date: slot.date,
          week: slot.week,
        };
      }),
      ...waiting.map(({ item, constraint }): CalendarFinding => ({
        ...this.finding(item, [], []),
        kind: 'unscheduled',
        constraint,
      })),
    ];
  }

  private finding(item: RankedItem, notes: string[], noted: BriefPath[]): CalendarFinding {
    const { candidate, format, hours } = item;
    const { acceptance, capacity, frequency, span, country, start, horizon } = this.setting;
    const isWritten = candidate.action === 'write';
    const owner = hours === undefined ? undefined : capacity?.ownerOf(hours);
    const figures: Record<string, Figure> = {
      ...item.figures,
      ...(hours === undefined ? {} : { hours: stated(totalOf(hours), 'hours') }),
      planLength: horizon.figure,
    };
    const id = this.id(
      candidate.action,
      candidate.key.replace(
        /^competition-|^audience-|^(?:pillar|cluster) topics-|^(?:refresh|merge) https?:\/\/[^/]+\//,
        '',
      ),
    );
    return {
      id,
      kind: 'entry',
      title: candidate.title(format),
      why: candidate.why,
      method: PRIORITY_METHOD,
      inputsUsed: mergeInputs(
        fields(
          ...RANKED_BY,
          'business.startDate',
          'business.horizonWeeks',
          'business.country',
          'content.frequency',
          'content.formats',
          ...acceptance.fields,
          ...noted,
        ),
        fields(...(hours === undefined ? [] : (['business.team'] as const))),
        candidate.inputs,
      ),
      confidence: candidate.confidence,
      assumptions: [
        `Planned over ${say(horizon.figure)}${horizon.figure.by === 'user' ? '' : ' (the brief does not say how many)'} from ${saySpanStart(span.start, start)}; the frequency, ${sayWord(frequency)}, is the brief’s.`,
        ...(country === undefined ? [] : [`Public holidays (${country}) are kept free.`]),
        ...(isWritten || hours === undefined
          ? []
          : [`It takes the hours of writing ${withArticle(sayWord(format))}, as the brief states none for it.`]),
        ...(hours === undefined ? ['Its hours are not known, so nothing checks that the team has them.'] : []),
        ...notes,
        ...(isWritten ? acceptance.rules : []),
      ],
      figures,
      format,
      topicId: candidate.topicId === '' ? id : candidate.topicId,
      action: candidate.action,
      ...(candidate.url === undefined ? {} : { url: candidate.url }),
      ...(owner === undefined ? {} : { owner }),
    };
  }
}
