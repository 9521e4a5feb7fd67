import type { ContentFormat, Voice } from '@throughline/strategy-contract';
import { capitalize, joinWords } from '../findings/wording.js';
import { cleanText } from '../text/clean-text.js';

/** Words that ask for a noun after them when they stand alone as a subject. */
const ADJECTIVE =
  /^(?:mobile|digital|remote|social|legal|sustainable|agile|internal|technical|secure|\w+(?:lingual|ive|able|ible))$/i;

/** A theme as the subject of a sentence: `multilingual` → `multilingual content`. */
export function asSubject(theme: string): string {
  return ADJECTIVE.test(theme) ? `${theme} content` : theme;
}

const isSaid = (text: string, term: string): boolean => text.toLowerCase().includes(term.toLowerCase());

// A phrase, a name or an abbreviation says where a piece goes; a single common word ("testing") does not.
const isTelling = (term: string): boolean => term.includes(' ') || /\p{Lu}|\d|\./u.test(term);

/** Angles worth naming beside a subject: phrases and names, none that the subject says already. */
export function anglesFor(subject: string, terms: readonly string[], most = 2): string[] {
  const kept: string[] = [];
  for (const term of terms) {
    if (kept.length === most) break;
    const isNew = !isSaid(subject, term) && !isSaid(term, subject) && !kept.some((other) => isSaid(other, term));
    if (isNew && isTelling(term)) kept.push(term);
  }
  return kept;
}

/** A theme, the angles from which pages on it are written, and the field of business that it is for. */
export interface ThemeSubject {
  theme: string;
  angles: readonly string[];
  industry: string | undefined;
}

/** Title of a piece on a theme. */
export function themeTitle({ theme, angles, industry }: ThemeSubject, format: ContentFormat): string {
  const subject = asSubject(theme);
  const beside = joinWords(angles);
  const where = industry === undefined || isSaid(industry, theme) ? '' : ` in ${lowerFirst(industry)}`;
  const full = angles.length === 0 ? `${subject}${where}` : `${subject}: ${beside}`;
  const forms: Record<ContentFormat, string> = {
    article: angles.length === 0 ? `${full}: what matters` : full,
    guide: angles.length === 0 ? `A guide to ${full}` : `A guide to ${subject}, with ${beside}`,
    case_study: `${subject}${where} in practice: a case study`,
    whitepaper: `${subject}${where}: what the evidence says`,
    webinar: `Live: your questions on ${angles.length === 0 ? full : joinWords([subject, ...angles])}`,
    video: `${full}, shown on screen`,
    infographic: `${full} at a glance`,
    podcast: `In conversation on ${angles.length === 0 ? full : joinWords([subject, ...angles])}`,
    newsletter: `${subject}${where}: what to read first`,
    social: `A series of posts on ${full}`,
    interactive: `A self-assessment: ${full}`,
  };
  return capitalize(forms[format]);
}

/** Small first letter, except of abbreviations and other words in capitals. */
export function lowerFirst(text: string): string {
  return /^\p{Lu}\p{Ll}/u.test(text) ? `${text.charAt(0).toLowerCase()}${text.slice(1)}` : text;
}

const ANSWERS: Record<Voice, string> = {
  professional: 'what to do about it',
  authoritative: 'what works',
  educational: 'the way out, step by step',
  friendly: 'how we can make it easier',
  casual: 'here is what helps',
  humorous: 'a survival guide',
  inspirational: 'how it can be different',
};

const FORMAT_PREFIX: Partial<Record<ContentFormat, string>> = {
  case_study: 'Case study',
  whitepaper: 'White paper',
  webinar: 'Webinar',
  video: 'Video',
  infographic: 'Infographic',
  podcast: 'Podcast',
  newsletter: 'Newsletter',
  interactive: 'Self-assessment',
  guide: 'Guide',
};

/** Title of an answer to what the brief says in its own words. */
export function answerTitle(text: string, format: ContentFormat, voice: Voice): string {
  const prefix = FORMAT_PREFIX[format];
  const statement = capitalize(cleanText(text).replace(/[.!?]+$/, ''));
  return `${prefix === undefined ? '' : `${prefix}: `}${statement}: ${ANSWERS[voice]}`.replace(
    /^(\w[\w -]*): (.*): (.*)$/,
    '$1: $2 – $3',
  );
}

const VERB =
  /^(?:adopt|apply|assess|avoid|build|buy|calculate|choose|compare|convince|create|cut|decide|defend|demonstrate|design|estimate|evaluate|explain|find|fix|get|grow|hire|implement|improve|justify|keep|know|learn|lower|make|manage|measure|migrate|negotiate|plan|prepare|present|prevent|prioriti[sz]e|prove|prevent|raise|reduce|replace|report|run|save|see|set up|show|spend|start|stop|track|train|understand|use|win|work|write)\b/i;

/** Title of an answer to a need: `How to …` where the need begins with a verb. */
export function needTitle(need: string, persona: string, format: ContentFormat): string {
  const text = cleanText(need).replace(/[.!?]+$/, '');
  const prefix = format === 'article' ? undefined : FORMAT_PREFIX[format];
  const title = VERB.test(text)
    ? `How to ${text.charAt(0).toLowerCase()}${text.slice(1)}`
    : `${capitalize(text)}: what a ${persona.toLowerCase()} should know`;
  return prefix === undefined || prefix === 'Guide'
    ? title
    : `${prefix}: ${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}
