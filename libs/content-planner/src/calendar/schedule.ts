import type { RankedItem } from './prioritize.js';
import type { TeamCapacity } from './capacity.js';
import type { Slot } from './slots.js';

/** An item with its day, or with what keeps it from having one. */
export type Placed = { item: RankedItem; slot: Slot } | { item: RankedItem; constraint: string };

/** What bounds a schedule. */
export interface Bounds {
  slots: readonly Slot[];
  /** Absent where no team hours are known. */
  capacity?: TeamCapacity;
  /** What the slots are called when they run out. */
  frequency: string;
  /** Months in which the audience asks most: only new content comes out in them. */
  peakMonths: readonly number[];
}

class Scheduler {
  readonly placed = new Map<string, Placed>();
  private readonly taken = new Set<string>();
  private readonly byKey: Map<string, RankedItem>;

  constructor(
    items: readonly RankedItem[],
    private readonly bounds: Bounds,
  ) {
    this.byKey = new Map(items.map((item) => [item.candidate.key, item]));
  }

  place(item: RankedItem): void {
    const { key, after } = item.candidate;
    if (this.placed.has(key)) return;
    const first = after === undefined ? undefined : this.byKey.get(after);
    if (first !== undefined) this.place(first);
    const before = first === undefined ? undefined : this.placed.get(first.candidate.key);
    if (before !== undefined && 'constraint' in before) {
      this.placed.set(key, {
        item,
        constraint: `Waits for the overview of its topic, which found no place (${before.constraint})`,
      });
      return;
    }
    this.placed.set(key, this.find(item, before?.slot.date ?? ''));
  }

  private find(item: RankedItem, after: string): Placed {
    const { slots, capacity, frequency } = this.bounds;
    let short: string | undefined;
    for (const slot of slots) {
      if (this.taken.has(slot.date) || slot.date <= after || !this.suits(item, slot)) continue;
      const lacking = item.hours === undefined ? undefined : capacity?.shortBy(item.hours, slot.date);
      if (lacking !== undefined) {
        short = lacking.role;
        continue;
      }
      this.taken.add(slot.date);
      if (item.hours !== undefined) capacity?.take(item.hours, slot.date);
      return { item, slot };
    }
    const last = slots[slots.length - 1];
    // Days that come too early for an item are no lack of hours, as long as these suffice by the end of the plan.
    const isShort =
      short !== undefined &&
      last !== undefined &&
      item.hours !== undefined &&
      capacity?.shortBy(item.hours, last.date) !== undefined;
    const constraint = !isShort
      ? `Publishing frequency (${frequency}): no slot is left within the plan`
      : `Hours of the ${short}: none are left before the slots that are free`;
    return { item, constraint };
  }

  private suits({ candidate }: RankedItem, { date }: Slot): boolean {
    return candidate.action === 'write' || !this.bounds.peakMonths.includes(Number(date.slice(5, 7)));
  }
}

/**
 * List scheduling: by falling priority each item takes the first free slot that the team's hours allow; an overview
 * comes before the items that hang on it.
 */
export function scheduleItems(items: readonly RankedItem[], bounds: Bounds): Placed[] {
  const scheduler = new Scheduler(items, bounds);
  for (const item of items) scheduler.place(item);
  return [...scheduler.placed.values()];
}
