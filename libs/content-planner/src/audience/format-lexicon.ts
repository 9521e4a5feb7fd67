import type { ContentFormat, ContentItem } from '@throughline/strategy-contract';
import { cleanText } from '../text/clean-text.js';

/** Words in titles, tags and addresses that tell a format; an article has none. */
const RULES: Partial<Record<ContentFormat, RegExp>> = {
  video: /\b(?:videos?|watch|recording|screencast)\b/i,
  podcast: /\b(?:podcasts?|episodes?)\b/i,
  webinar: /\b(?:webinars?|online event)\b/i,
  infographic: /\binfographics?\b/i,
  case_study: /\b(?:case stud(?:y|ies)|customer stor(?:y|ies)|success stor(?:y|ies))\b/i,
  whitepaper: /\b(?:white ?papers?|e ?books?|research report)\b/i,
  newsletter: /\b(?:newsletters?|digest|round ?up)\b/i,
  interactive: /\b(?:interactive|calculators?|quiz(?:zes)?|configurator|dashboard)\b/i,
  guide: /\b(?:guides?|how to|playbook|handbook|checklist|tutorial)\b/i,
  social: /\b(?:tweet(?:s|chat)?|thread|twitter chat)\b/i,
};

/** Whether a page shows itself to be of a format, by its title, tags or address. */
export function isOfFormat(item: ContentItem, format: ContentFormat): boolean {
  const rule = RULES[format];
  if (rule === undefined) return !Object.values(RULES).some((other) => other.test(textOf(item)));
  return rule.test(textOf(item));
}

function textOf({ title, tags, url }: ContentItem): string {
  const path = url.replace(/^[a-z]+:\/\/[^/]*/i, '');
  return `${cleanText(title)} | ${tags.join(' | ')} | ${path}`.replace(/[-_/]+/g, ' ');
}
