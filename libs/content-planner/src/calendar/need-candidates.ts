import type { AudienceFinding, CompetitionFinding, Figure, Section, Voice } from '@throughline/strategy-contract';
import type { FieldValue } from '../context/brief-reader.js';
import { fields, mergeInputs } from '../findings/inputs.js';
import { isStated } from '../competition/stated-gaps.js';
import { capitalize, quote } from '../findings/wording.js';
import { matchPages } from '../text/page-index.js';
import type { Corpus } from '../text/corpus.js';
import { observed } from '../findings/figures.js';
import type { Candidate } from './candidate.js';
import { answerTitle, needTitle, themeTitle } from './titles.js';
import type { TopicFinder } from './topic-finder.js';

/** Pages with which a pain point counts as answered. */
const ANSWERED = 3;

const pageCount = ({ figures }: { figures: Record<string, Figure> }): number | undefined =>
  figures['pages']?.value as number | undefined;

/** Pain points with no page or hardly any. */
export function painCandidates(audience: Section<AudienceFinding>, finder: TopicFinder, voice: Voice): Candidate[] {
  return audience.findings
    .filter((finding) => finding.kind === 'pain_point' && (pageCount(finding) ?? 0) < ANSWERED)
    .map((finding): Candidate => {
      const pages = pageCount(finding);
      const lack =
        pages === undefined
          ? 'and no own content was imported to answer it'
          : pages === 0
            ? 'and no page of the site speaks to it'
            : `and only ${quote(finding.pages[0]?.title ?? '')} comes near it`;
      return {
        key: finding.id,
        reason: 'pain_point',
        action: 'write',
        topicId: finder.nearest(finding.title) ?? finding.id,
        title: (format) => answerTitle(finding.title, format, voice),
        why: `The brief names it as a pain point, ${lack}.`,
        words: finding.title,
        confidence: finding.confidence,
        figures: finding.figures,
        inputs: finding.inputsUsed,
      };
    });
}

type Persona = FieldValue<'audience.personas'>[number];

/** Needs of personas without a page. */
export function needCandidates(personas: readonly Persona[], finder: TopicFinder, corpus: Corpus): Candidate[] {
  const hasPages = corpus.documents.length > 0;
  return personas.flatMap(({ name, needs = [] }) =>
    needs
      .map((need) => ({ need, pages: matchPages(corpus, need).length }))
      .filter(({ pages }) => pages < 2)
      .map(({ need, pages }): Candidate => ({
        key: `need ${name} ${need}`,
        reason: 'persona_need',
        action: 'write',
        topicId: finder.nearest(need) ?? '',
        title: (format) => needTitle(need, name, format),
        why: `${quote(name)} needs it, and ${hasPages ? (pages === 0 ? 'no page of the site speaks to it' : 'only one page speaks to it') : 'no own content was imported to answer it'}.`,
        words: need,
        confidence: 'medium',
        figures: hasPages ? { pages: observed(pages, 'pages') } : {},
        inputs: fields('audience.personas'),
      })),
  );
}

type Journey = FieldValue<'audience.buyingJourney'>;

/** Stages of the journey for which the brief's words have no page. */
export function journeyCandidates(
  audience: Section<AudienceFinding>,
  stated: Journey,
  finder: TopicFinder,
): Candidate[] {
  return audience.findings
    .filter(
      ({ kind, stage, figures }) =>
        kind === 'journey_stage' &&
        stage !== undefined &&
        stated[stage] !== undefined &&
        (figures['answers']?.value ?? 0) === 0,
    )
    .map((finding): Candidate => {
      const text = stated[finding.stage as keyof Journey] as string;
      return {
        key: finding.id,
        reason: 'journey',
        action: 'write',
        topicId: finder.nearest(text) ?? finding.id,
        title: () => capitalize(text.replace(/\.$/, '')),
        why: `The brief asks for it at the ${finding.stage} stage, and ${finding.figures['answers'] === undefined ? 'no own content was imported to answer it' : 'no page of the site speaks to it'}.`,
        words: text,
        confidence: 'medium',
        figures: {},
        inputs: mergeInputs(fields('audience.buyingJourney'), finding.inputsUsed),
      };
    });
}

/** What gaps are written for. */
export interface GapSetting {
  finder: TopicFinder;
  voice: Voice;
  industry: string | undefined;
  /** The pain point that a text speaks to, if any. */
  painOf: (words: string) => string | undefined;
}

function gapTitle(finding: CompetitionFinding, pain: string | undefined, setting: GapSetting): Candidate['title'] {
  const { voice, industry } = setting;
  // Where the audience has said what hurts about it, its words say more than the theme's name.
  if (pain !== undefined) return (format) => answerTitle(pain, format, voice);
  const isCounted = finding.figures['logOdds'] !== undefined;
  const theme = isCounted ? (finding.terms[0] ?? finding.title) : finding.title;
  const isKnown = ((finding.figures['ownPages']?.value as number | undefined) ?? 0) > 0;
  return (format) => themeTitle({ theme, industry: isStated(finding) ? industry : undefined, isKnown }, format);
}

/** What competitors or the brief's own gaps and trends ask for. */
export function gapCandidates(competition: Section<CompetitionFinding>, setting: GapSetting): Candidate[] {
  const answered = new Set<string>();
  return competition.findings
    .filter(({ kind }) => kind === 'gap')
    .map((finding): Candidate => {
      const heard = isStated(finding) ? undefined : setting.painOf(finding.title);
      const pain = heard === undefined || answered.has(heard) ? undefined : heard;
      if (pain !== undefined) answered.add(pain);
      return {
        key: finding.id,
        reason: isStated(finding) ? 'stated_gap' : 'gap',
        action: 'write',
        topicId: setting.finder.nearest(finding.title) ?? finding.id,
        title: gapTitle(finding, pain, setting),
        why:
          pain === undefined
            ? finding.why
            : `${finding.why.replace(/\.$/, '')}, and the brief names ${quote(pain)} as a pain point.`,
        words: `${finding.title} ${finding.terms.slice(0, 3).join(' ')}`,
        confidence: finding.confidence,
        figures: finding.figures,
        inputs:
          pain === undefined ? finding.inputsUsed : mergeInputs(fields('audience.painPoints'), finding.inputsUsed),
      };
    });
}
