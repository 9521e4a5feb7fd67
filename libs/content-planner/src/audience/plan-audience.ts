import type { AudienceFinding, Section } from '@throughline/strategy-contract';
import { readOwnContent } from '../context/own-content.js';
import type { SectionContext } from '../context/section-context.js';
import { OWN_CONTENT, partial, ready } from '../findings/sections.js';
import { AudienceDesk } from './audience-desk.js';
import { planJourney } from './journey.js';
import { planNeeds } from './needs.js';
import { planPreferences } from './preferences.js';

/** What the audience needs, how it decides and which formats it prefers, each against the pages that there are. */
export function planAudience(context: SectionContext): Section<AudienceFinding> {
  const own = readOwnContent(context, true);
  const desk = new AudienceDesk(own);
  const findings = [...planNeeds(context, desk), ...planJourney(context, desk), ...planPreferences(context, desk)];
  context.report({ done: 1, total: 1, message: `Matched the brief against ${own.pages.length} pages` });
  if (own.pages.length > 0) return ready(context, findings);
  return partial(context, findings, 'Without own content it cannot be told which needs are served.', [
    { what: OWN_CONTENT, adds: 'which pages serve each need, and which needs have none' },
  ]);
}
