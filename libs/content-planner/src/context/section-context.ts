import type { Input, SectionKey, Sections } from '@throughline/strategy-contract';
import { mergeInputs } from '../findings/inputs.js';
import type { PlannerInput, PlannerSource, ReportProgress } from '../planner-input.js';
import { BriefReader } from './brief-reader.js';
import { collectPages, type Page } from './pages.js';

/** What one section may read. It remembers all that was read: that is what the section cites. */
export class SectionContext {
  readonly brief: BriefReader;
  readonly today: string;
  readonly seed: number;
  private readonly cited: Input[][] = [];

  constructor(
    private readonly input: PlannerInput,
    readonly report: ReportProgress,
  ) {
    this.brief = new BriefReader(input.brief);
    this.today = input.today;
    this.seed = input.seed;
  }

  /** The user's own sources. */
  ownSources(): PlannerSource[] {
    return this.sources('own');
  }

  /** Linked competitors' sources. Which are linked is the brief's word, so that field is cited too. */
  competitorSources(): PlannerSource[] {
    this.brief.read('competition.competitors');
    return this.sources('competitor');
  }

  /** The user's own pages. */
  ownPages(): Page[] {
    return collectPages(this.ownSources());
  }

  /** A section that an earlier step made, with all that it rests on; `undefined` where that step did not finish. */
  section<K extends SectionKey>(key: K): Sections[K] | undefined {
    const section = this.input.sections[key];
    if (section !== undefined) this.cited.push(section.inputsUsed);
    return section;
  }

  /** All that was read up to now. */
  inputsUsed(): Input[] {
    return mergeInputs(this.brief.fieldsRead(), ...this.cited);
  }

  private sources(kind: PlannerSource['kind']): PlannerSource[] {
    const sources = this.input.sources.filter((source) => source.kind === kind);
    this.cited.push(sources.map(({ id, items }) => ({ sourceId: id, rows: items.length, what: 'pages' })));
    return sources;
  }
}
