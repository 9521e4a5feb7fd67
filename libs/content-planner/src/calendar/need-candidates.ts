import type { AudienceFinding, CompetitionFinding, Figure, Section, Voice } from '@throughline/strategy-contract';
import type { FieldValue } from '../context/brief-reader.js';
import { fields, mergeInputs } from '../findings/inputs.js';
import { capitalize, quote } from '../findings/wording.js';
import { matchPages } from '../text/page-index.js';
import type { Corpus } from '../text/corpus.js';
import { observed } from '../findings/figures.js';
import type { Candidate } from './candidate.js';
import { anglesFor, answerTitle, lowerFirst, needTitle, themeTitle } from './titles.js';
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
        why: `${quote(name)} needs it, and ${pages === 0 ? 'no page of the site speaks to it' : 'one page alone does'}.`,
        words: need,
        confidence: 'medium',
        figures: { pages: observed(pages, 'pages') },
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
        why: `The brief asks for it at the ${finding.stage} stage, and no page of the site shares its words.`,
        words: text,
        confidence: 'medium',
        figures: {},
        inputs: mergeInputs(fields('audience.buyingJourney'), finding.inputsUsed),
      };
    });
}

const FORMAT_NAMES =
  /^(?:case stud(?:y|ies)|guides?|videos?|podcasts?|webinars?|newsletters?|infographics?|white ?papers?)$/i;

/** What gaps are written for. */
export interface GapSetting {
  finder: TopicFinder;
  voice: Voice;
  industry: string | undefined;
  /** The pain point that a text speaks to, if any. */
  painOf: (words: string) => string | undefined;
}

function gapTitle({ finding, isStated }: Gap, themes: ReadonlySet<string>, setting: GapSetting): Candidate['title'] {
  const [theme = finding.title] = finding.terms;
  const { voice, industry } = setting;
  if (isStated) return (format) => themeTitle({ theme: lowerFirst(finding.title), angles: [], industry }, format);
  // Where the audience has said what hurts about it, its words say more than the theme's name.
  const pain = setting.painOf(finding.title);
  if (pain !== undefined) return (format) => answerTitle(pain, format, voice);
  // An angle that is a gap of its own has its own piece.
  const angles = anglesFor(
    finding.title,
    finding.terms.filter((term) => !themes.has(term)),
  );
  return (format) => themeTitle({ theme, angles, industry }, format);
}

interface Gap {
  finding: CompetitionFinding;
  /** Whether the brief names it: then its words are the title. */
  isStated: boolean;
}

// "Condition monitoring" is counted, "condition monitoring with sensors" is said: one piece, in the brief's words.
function joinStated(gaps: readonly CompetitionFinding[]): Gap[] {
  const isCounted = ({ figures }: CompetitionFinding) => figures['logOdds'] !== undefined;
  const said = gaps.filter((gap) => !isCounted(gap));
  const isSaid = ({ terms }: CompetitionFinding, { title }: CompetitionFinding) =>
    ` ${title.toLowerCase()} `.includes(` ${(terms[0] ?? '').toLowerCase()} `);
  const joined = said.map((statement) => {
    const counted = gaps.find((gap) => isCounted(gap) && isSaid(gap, statement));
    if (counted === undefined) return statement;
    const { why, confidence, figures, inputsUsed } = counted;
    const inputs = mergeInputs(statement.inputsUsed, inputsUsed);
    return { ...statement, why, confidence, figures: { ...figures, ...statement.figures }, inputsUsed: inputs };
  });
  const counted = gaps.filter((gap) => isCounted(gap) && !said.some((statement) => isSaid(gap, statement)));
  return [
    ...counted.map((finding) => ({ finding, isStated: false })),
    ...joined.map((finding) => ({ finding, isStated: true })),
  ];
}

/** What competitors or the brief's own gaps and trends ask for. */
export function gapCandidates(competition: Section<CompetitionFinding>, setting: GapSetting): Candidate[] {
  const gaps = joinStated(
    competition.findings.filter(({ kind, terms }) => kind === 'gap' && !FORMAT_NAMES.test(terms[0] ?? '')),
  );
  const themes = new Set(gaps.map(({ finding }) => finding.terms[0] ?? ''));
  const answered = new Set<string>();
  return gaps.map((gap): Candidate => {
    const { finding, isStated } = gap;
    const pain = setting.painOf(finding.title);
    const words = `${finding.title} ${finding.terms.slice(0, 3).join(' ')}`;
    const isAgain = pain !== undefined && answered.has(pain);
    if (pain !== undefined) answered.add(pain);
    return {
      key: finding.id,
      reason: isStated ? 'stated_gap' : 'gap',
      action: 'write',
      topicId: setting.finder.nearest(finding.title) ?? finding.id,
      title: gapTitle(gap, themes, isAgain ? { ...setting, painOf: () => undefined } : setting),
      why: finding.why,
      words,
      confidence: finding.confidence,
      figures: finding.figures,
      inputs: finding.inputsUsed,
    };
  });
}
