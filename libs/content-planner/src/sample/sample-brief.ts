import type { Brief } from '@throughline/strategy-contract';
import { addDays } from '../findings/dates.js';

/** A brief of the made-up company with every field filled in. */
export function sampleBrief(competitorName: string, startDate: string): Brief {
  return {
    business: {
      objectives: [
        'Win maintenance teams that still work with spreadsheets',
        'Be known for preventive maintenance in facilities',
      ],
      targetMetrics: [
        { name: 'Visits to the blog', unit: 'visits', baseline: 8200, target: 12000, by: addDays(startDate, 180) },
        { name: 'Trial signups', unit: 'signups', baseline: 60, target: 110, by: addDays(startDate, 180) },
      ],
      industry: 'Facility management',
      country: 'US',
      budget: { amount: 6000, currency: 'USD', per: 'month' },
      team: [
        {
          role: 'Content lead',
          hoursPerWeek: 12,
          hoursPerFormat: { article: 2, guide: 6, case_study: 4, video: 6 },
          hourlyCost: 70,
        },
        {
          role: 'Writer',
          hoursPerWeek: 20,
          hoursPerFormat: { article: 9, guide: 20, case_study: 14, video: 8 },
          hourlyCost: 50,
        },
      ],
      startDate,
      horizonWeeks: 26,
      marketShare: 6,
      position: 'challenger',
    },
    audience: {
      painPoints: [
        'Breakdowns come without warning',
        'The storeroom never has the right spare part',
        'Technicians do not fill in work orders',
        'Energy bills rise and nobody knows why',
        'Contractors invoice more than they quoted',
      ],
      preferences: ['guide', 'article', 'case_study'],
      personas: [
        {
          name: 'Maintenance manager',
          role: 'Runs a team of technicians',
          needs: ['Defend the maintenance budget', 'Train new technicians', 'Negotiate service contracts'],
        },
        {
          name: 'Facility director',
          role: 'Answers for several buildings',
          needs: ['Report carbon emissions', 'Compare costs across sites'],
        },
      ],
      buyingJourney: {
        awareness: 'Why preventive maintenance slips',
        consideration: 'Spreadsheets compared with maintenance software',
        decision: 'Case studies with downtime before and after',
        retention: 'Advanced reports for managers',
      },
      seasonality: ['10', 'Heating season starts in October'],
      engagement: { guide: 4.1, case_study: 3.4, article: 2.2 },
    },
    competition: {
      competitors: [{ name: competitorName, url: 'https://plantline.example' }],
      knownGaps: ['Condition monitoring with sensors'],
      trends: ['Artificial intelligence for fault diagnosis'],
    },
    content: {
      formats: ['article', 'guide', 'case_study', 'video'],
      frequency: 'weekly',
      voice: 'professional',
      mix: { article: 50, guide: 25, case_study: 15, video: 10 },
      timing: { weekdays: [2, 4], hour: 9 },
      quality: ['Reviewed by a working technician'],
      guidelines: ['Say what it costs and how long it takes'],
      languages: ['en', 'es'],
    },
    analytics: {
      trafficSources: ['search', 'newsletter', 'partner sites'],
      conversionRates: { 'visit to signup': 0.008, 'signup to customer': 0.12 },
      targets: { 'newsletter subscribers': 4000 },
      testing: true,
    },
  };
}
