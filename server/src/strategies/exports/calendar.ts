import type { StrategyDocument } from '@throughline/strategy-contract';
import ical, { ICalCalendarMethod, ICalEventTransparency } from 'ical-generator';

/** The calendar's entries as all-day events (RFC 5545); importing a newer version updates the same events. */
export function toCalendar(name: string, document: StrategyDocument): string {
  const calendar = ical({
    name,
    method: ICalCalendarMethod.PUBLISH,
    prodId: { company: 'Throughline', product: 'Throughline', language: 'EN' },
  });
  for (const entry of document.calendar.findings) {
    if (entry.kind !== 'entry' || entry.date === undefined) continue;
    calendar.createEvent({
      id: `${document.strategyId}-${entry.id}@throughline`,
      sequence: document.version,
      stamp: document.createdAt,
      start: `${entry.date}T00:00:00Z`,
      allDay: true,
      transparency: ICalEventTransparency.TRANSPARENT,
      // A refresh or a merge says so in its title.
      summary: entry.action === 'write' ? `Write: ${entry.title}` : entry.title,
      description: [entry.why, `Format: ${entry.format}`, ...entry.assumptions].join('\n'),
      ...(entry.url === undefined ? {} : { url: entry.url }),
    });
  }
  // Every line ends in CRLF, the last one too (RFC 5545, 3.1).
  return `${calendar.toString().trimEnd()}\r\n`;
}
