import { JOURNEY_STAGES, type ContentItem, type JourneyStage } from '@throughline/strategy-contract';
import { cleanText } from '../text/clean-text.js';

/** Words in titles and tags that tell a stage of the buying journey. The first stage with a match wins. */
const RULES: Record<JourneyStage, RegExp> = {
  decision:
    /\b(?:case stud(?:y|ies)|customer stor(?:y|ies)|success stor(?:y|ies)|pricing|price|cost|roi|buy(?:ing|er)?|vendors?|procure(?:ment)?|demo|free trial|sign up|getting started|migrat(?:e|ing|ion)|checklist for choosing|how .{0,40} (?:saved|cut|reduced|increased))\b/i,
  consideration:
    /\b(?:how to|how we|how you|compar(?:e|ed|ing|ison)|versus|vs|best practices?|guides?|playbook|checklist|templates?|tips|lessons|choos(?:e|ing)|evaluat(?:e|ing|ion)|webinar|workshop|steps|ways to|tutorial)\b/i,
  retention:
    /\b(?:release notes|changelog|what'?s new|new feature|now available|updates?|upgrade|advanced|power users?|community|newsletter|customers? (?:event|meetup)|anniversary|birthday|year in review|support)\b/i,
  awareness:
    /\b(?:what is|what are|what does|why|introduc(?:e|es|ing|tion)|announc(?:e|ed|ing)|trends?|future of|state of|myths?|meet|hello|welcome|report|survey|interview|the case for|understanding|basics|explained|launch(?:es|ed|ing)?)\b/i,
};
const ORDER: readonly JourneyStage[] = ['decision', 'consideration', 'retention', 'awareness'];

/** The stage that a page's title and tags tell, with the words that told it; `undefined` where none does. */
export function stageOf(item: ContentItem): { stage: JourneyStage; words: string } | undefined {
  const text = `${cleanText(item.title)} | ${item.tags.map((tag) => tag.replace(/[-_]+/g, ' ')).join(' | ')}`;
  for (const stage of ORDER) {
    const [words] = RULES[stage].exec(text) ?? [];
    if (words !== undefined) return { stage, words: words.toLowerCase() };
  }
  return undefined;
}

/** Pages by stage, in the order of the journey. */
export function sortByStage<T extends ContentItem>(
  items: readonly T[],
): Record<JourneyStage, { item: T; words: string }[]> {
  const sorted = Object.fromEntries(JOURNEY_STAGES.map((stage) => [stage, []])) as unknown as Record<
    JourneyStage,
    { item: T; words: string }[]
  >;
  for (const item of items) {
    const found = stageOf(item);
    if (found !== undefined) sorted[found.stage].push({ item, words: found.words });
  }
  return sorted;
}
