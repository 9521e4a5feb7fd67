import type { ContentFormat, Voice } from '@throughline/strategy-contract';
import { capitalize, lowerFirst, withArticle } from '../findings/wording.js';
import { cleanText } from '../text/clean-text.js';

/** Words that ask for a noun after them when they stand alone as a subject. */
const ADJECTIVE =
  /^(?:mobile|digital|remote|social|legal|sustainable|agile|internal|technical|secure|\w+(?:lingual|ive|able|ible))$/i;

/** A theme as the subject of a sentence: `multilingual` → `multilingual content`. */
export function asSubject(theme: string): string {
  return ADJECTIVE.test(theme) ? `${theme} content` : theme;
}

const isSaid = (text: string, term: string): boolean => text.toLowerCase().includes(term.toLowerCase());

/** A theme, the field of business that it is for, and whether the site has said something on it already. */
export interface ThemeSubject {
  theme: string;
  industry: string | undefined;
  isKnown: boolean;
}

// A plan in which every title is built alike reads like a form: themes take one of a few by their letters.
function articleTitle(subject: string, where: string, isKnown: boolean): string {
  const forms = isKnown
    ? [
        `Getting ${subject} right${where}`,
        `${subject}${where}: what good looks like`,
        `Common mistakes in ${subject}${where}`,
      ]
    : [`${subject}${where}: where to start`, `An introduction to ${subject}${where}`];
  const letters = [...subject].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0);
  return forms[letters % forms.length] as string;
}

/** Title of a piece on a theme. */
export function themeTitle({ theme, industry, isKnown }: ThemeSubject, format: ContentFormat): string {
  const subject = asSubject(lowerFirst(theme));
  const where = industry === undefined || isSaid(industry, theme) ? '' : ` in ${lowerFirst(industry)}`;
  const full = `${subject}${where}`;
  const forms: Record<ContentFormat, string> = {
    article: articleTitle(subject, where, isKnown),
    guide: `A guide to ${full}`,
    case_study: `Case study: ${full}`,
    whitepaper: `${full}: what the evidence says`,
    webinar: `Webinar: ${full}`,
    video: `Video: ${full}`,
    infographic: `${full} at a glance`,
    podcast: `Podcast: ${full}`,
    newsletter: `Newsletter: what to read on ${full}`,
    social: `A series of posts on ${full}`,
    interactive: `Self-assessment: ${full}`,
  };
  return capitalize(forms[format]);
}

/** Title of a page that leads through what a site has on a topic. */
export function overviewTitle(topic: string, format: ContentFormat): string {
  if (format === 'guide') return `The guide to ${lowerFirst(topic)}`;
  const prefix = format === 'article' ? undefined : FORMAT_PREFIX[format];
  return prefix === undefined ? `${topic}: an overview` : `${prefix}: an overview of ${lowerFirst(topic)}`;
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
  if (prefix === undefined) return `${statement}: ${ANSWERS[voice]}`;
  // A case tells what somebody did, whatever the voice.
  return `${prefix}: ${lowerFirst(statement)} – ${format === 'case_study' ? 'what helped' : ANSWERS[voice]}`;
}

// Only words that hardly stand as nouns before another: "budget approval" is no order to budget.
const VERBS = `
  adapt adopt align analy[sz]e apply approve argue assess assign automate avoid build buy calculate certify check
  choose clean close collect communicate compare compile comply configure connect convince coordinate create cut
  decide define defend delegate deliver demonstrate deploy detect develop diagnose educate eliminate enforce
  engage ensure evaluate explain extend fill find fix gather get grow handle hire identify implement improve
  increase install integrate introduce justify keep know launch lead learn locate lower maintain make manage
  measure meet migrate minimi[sz]e monitor motivate negotiate onboard optimi[sz]e organi[sz]e outsource pay
  persuade pick plan predict prepare present prevent prioriti[sz]e procure produce promote protect prove publish
  raise reach recruit reduce refine replace report resolve respond restore retain run save scale secure see select
  sell set share shorten show simplify solve spend standardi[sz]e start stop streamline structure submit supervise
  switch teach test track train understand use validate verify win work write
`;
const VERB = new RegExp(`^(?:${VERBS.trim().split(/\s+/).join('|')})\\b`, 'i');

/** Title of an answer to a need: `How to …` where the need begins with a verb. */
export function needTitle(need: string, persona: string, format: ContentFormat): string {
  const text = cleanText(need).replace(/[.!?]+$/, '');
  const prefix = format === 'article' || format === 'guide' ? undefined : FORMAT_PREFIX[format];
  const title = VERB.test(text)
    ? `How to ${lowerFirst(text)}`
    : `${capitalize(text)}: what ${withArticle(lowerFirst(persona))} should know`;
  return prefix === undefined ? title : `${prefix}: ${lowerFirst(title)}`;
}
