import type { Brief } from '@throughline/strategy-contract';

/** The least that a run can start from. */
export function requiredBrief(): Brief {
  return {
    business: {
      objectives: ['Win more trial sign-ups from organic search'],
      targetMetrics: [{ name: 'Trial sign-ups', unit: 'signups', baseline: 40, target: 80 }],
    },
    audience: { painPoints: ['Onboarding takes weeks'], preferences: ['guide', 'article'] },
    competition: { competitors: [] },
    content: { formats: ['article', 'guide'], frequency: 'weekly', voice: 'friendly' },
    analytics: {},
  };
}

/** A small inventory, as a user would upload it. */
export function inventoryCsv(rows = 40): string {
  const subjects = ['Onboarding checklists', 'Churn interviews', 'Pricing pages', 'Release notes', 'Support macros'];
  const lines = Array.from({ length: rows }, (_, index) => {
    const subject = subjects[index % subjects.length]!;
    const day = String((index % 28) + 1).padStart(2, '0');
    const month = String((index % 12) + 1).padStart(2, '0');
    return `https://acme.example/blog/${index},"${subject}, part ${index}",2025-${month}-${day},"How we work with ${subject.toLowerCase()} in practice",${subject.toLowerCase()},${400 + index * 10}`;
  });
  return ['url,title,published,excerpt,tags,word_count', ...lines].join('\n');
}

/** A small feed of a competitor. */
export function feedXml(items = 40): string {
  const subjects = ['Webinars for onboarding', 'Community forums', 'Pricing experiments', 'Customer academies'];
  const entries = Array.from({ length: items }, (_, index) => {
    const subject = subjects[index % subjects.length]!;
    return `<item><title>${subject} ${index}</title><link>https://rival.example/${index}</link><pubDate>Tue, ${String((index % 28) + 1).padStart(2, '0')} Apr 2025 00:00:00 +0000</pubDate><description>All about ${subject.toLowerCase()}</description><category>${subject}</category></item>`;
  });
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>Rival</title><link>https://rival.example</link><description>Rival</description>${entries.join('')}</channel></rss>`;
}

/** A form as a browser sends it. */
export function importForm(content: string | Uint8Array, name: string, fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) form.set(key, value);
  form.set('file', new Blob([content as BlobPart]), name);
  return form;
}
