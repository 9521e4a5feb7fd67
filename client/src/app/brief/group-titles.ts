import type { BriefGroup } from '@throughline/strategy-contract';

/** Names of the groups, as a reader sees them. */
export const GROUP_TITLES: Record<BriefGroup, string> = {
  business: 'Business',
  audience: 'Audience',
  competition: 'Competition',
  content: 'Content',
  analytics: 'Analytics',
};
