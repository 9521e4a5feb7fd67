import type { Brief, ContentFormat, JourneyStage } from './brief.js';
import type { Figure } from './figure.js';

/** What a statement rests on: a field path of the brief, or rows of a source. */
export type Input = { field: string } | { sourceId: string; rows: number; what: string };

/** Evidence behind a statement: high, medium and low stand for 100, 80 and 50 %. */
export type Confidence = 'high' | 'medium' | 'low';

/** One statement of the strategy, with what it rests on. */
export interface Finding {
  id: string;
  kind: string;
  title: string;
  /** One sentence. */
  why: string;
  method: string;
  inputsUsed: Input[];
  confidence: Confidence;
  assumptions: string[];
  figures: Record<string, Figure>;
}

/** A part of the strategy. */
export interface Section<F extends Finding = Finding> {
  state: 'ready' | 'partial' | 'unavailable';
  inputsUsed: Input[];
  /** What is missing, where `state` is not `ready`. */
  unavailableReason?: string;
  /** What to supply, and what each would add. */
  supply?: { what: string; adds: string }[];
  findings: F[];
}

/** A page of a source. */
export interface PageRef {
  url: string;
  title: string;
  sourceId: string;
  /** YYYY-MM-DD. */
  published?: string;
}

export interface InsightFinding extends Finding {
  kind: 'insight';
  theme: 'cadence' | 'freshness' | 'depth' | 'concentration' | 'coverage' | 'format' | 'goal';
  pages: PageRef[];
}

export interface AudienceFinding extends Finding {
  kind: 'persona' | 'pain_point' | 'journey_stage' | 'preference';
  stage?: JourneyStage;
  formats: ContentFormat[];
  pages: PageRef[];
}

export interface CompetitionFinding extends Finding {
  kind: 'gap' | 'strength' | 'shared';
  terms: string[];
  ownPages: PageRef[];
  competitorPages: PageRef[];
}

export interface TopicFinding extends Finding {
  kind: 'topic';
  /** A pillar holds clusters; `parentId` names a cluster's pillar. */
  role: 'pillar' | 'cluster';
  parentId?: string;
  terms: string[];
  pages: PageRef[];
  /** Agreement of the clustering under subsampling (adjusted Rand index); absent where topics are the brief's own. */
  stability?: Figure;
}

export interface OpportunityFinding extends Finding {
  kind: 'opportunity';
  url?: string;
  query?: string;
}

/** What is to be done with a page. */
export type CalendarAction = 'write' | 'refresh' | 'merge';

export interface CalendarFinding extends Finding {
  /** `unscheduled` names what did not fit; it has no date. */
  kind: 'entry' | 'unscheduled';
  /** YYYY-MM-DD. */
  date?: string;
  week?: number;
  format: ContentFormat;
  topicId: string;
  url?: string;
  action: CalendarAction;
  owner?: string;
  /** With `unscheduled`: the constraint that binds. */
  constraint?: string;
}

export interface PerformanceFinding extends Finding {
  kind: 'forecast' | 'kpi' | 'base_rate';
  /** Position in the KPI tree: the finding whose figure this one feeds. */
  parentId?: string;
  /** The identity that links it, as in `leads = visits × conversion rate`. */
  formula?: string;
  /** What is missing to fill this node. */
  needs?: string;
}

export interface BudgetFinding extends Finding {
  kind: 'line' | 'total';
  format?: ContentFormat;
}

export interface RoadmapFinding extends Finding {
  kind: 'milestone';
  /** YYYY-MM-DD. */
  start?: string;
  end?: string;
  dependsOn: string[];
  isCritical: boolean;
}

export interface RiskFinding extends Finding {
  kind: 'risk';
  rule: string;
  drivers: string[];
  mitigation: string;
}

/** The parts of a strategy, by key of the document. */
export interface Sections {
  audience: Section<AudienceFinding>;
  topics: Section<TopicFinding>;
  insights: Section<InsightFinding>;
  opportunities: Section<OpportunityFinding>;
  competition: Section<CompetitionFinding>;
  calendar: Section<CalendarFinding>;
  performance: Section<PerformanceFinding>;
  budget: Section<BudgetFinding>;
  roadmap: Section<RoadmapFinding>;
  risks: Section<RiskFinding>;
}
export type SectionKey = keyof Sections;

/** Keys of the document's sections, in the order of a reader. */
export const SECTION_KEYS = [
  'insights',
  'audience',
  'competition',
  'topics',
  'opportunities',
  'calendar',
  'performance',
  'budget',
  'roadmap',
  'risks',
] as const satisfies readonly SectionKey[];

/** What could not be said, and what to supply. */
export interface DocumentGap {
  section: string;
  reason: string;
  supply: string;
}

/** How a document came to be. */
export interface Provenance {
  plannerVersion: string;
  seed: number;
  writer: 'built-in' | { provider: string; model: string };
  sources: { id: string; name: string; kind: 'own' | 'competitor'; rows: number; sha256: string }[];
}

/** A strategy: immutable once made. */
export interface StrategyDocument extends Sections {
  schemaVersion: 1;
  strategyId: string;
  version: number;
  /** RFC 3339, UTC. */
  createdAt: string;
  brief: Brief;
  gaps: DocumentGap[];
  provenance: Provenance;
}
