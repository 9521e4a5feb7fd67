import type { Brief, ContentItem } from '@throughline/strategy-contract';

/** A brief and the content of two blogs, made up: nothing in it is about a real company. */
export interface SampleContent {
  own: ContentItem[];
  competitor: ContentItem[];
  brief: Brief;
  ownName: string;
  competitorName: string;
}
