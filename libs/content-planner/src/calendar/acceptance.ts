import type { SectionContext } from '../context/section-context.js';
import type { BriefPath } from '../context/brief-reader.js';
import { joinWords, languageName, quote, sayWord, weekdayName, withArticle } from '../findings/wording.js';

/** What each item must meet, and the fields that say so. */
export interface Acceptance {
  rules: string[];
  fields: BriefPath[];
}

function sayHour(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

/** What the brief asks of every item: voice, languages, quality, guidelines and time of day. */
export function readAcceptance(context: SectionContext): Acceptance {
  const voice = context.brief.read('content.voice');
  const languages = context.brief.read('content.languages');
  const quality = context.brief.read('content.quality');
  const guidelines = context.brief.read('content.guidelines');
  const timing = context.brief.read('content.timing');
  const rules: string[] = [];
  const fields: BriefPath[] = [];
  const add = (field: BriefPath, rule: string) => {
    rules.push(rule);
    fields.push(field);
  };
  if (voice !== undefined) add('content.voice', `Written in ${withArticle(sayWord(voice))} voice.`);
  if (languages !== undefined) add('content.languages', `Published in ${joinWords(languages.map(languageName))}.`);
  if (quality !== undefined) add('content.quality', `Done when it meets ${joinWords(quality.map(quote))}.`);
  if (guidelines !== undefined) add('content.guidelines', `Follows ${joinWords(guidelines.map(quote))}.`);
  if (timing !== undefined) {
    const days = timing.weekdays === undefined ? [] : [`on ${joinWords(timing.weekdays.map(weekdayName), 'or')}`];
    const hour = timing.hour === undefined ? [] : [`at ${sayHour(timing.hour)}`];
    add('content.timing', `Comes out ${[...days, ...hour].join(' ')}, as the brief asks.`);
  }
  return { rules, fields };
}
