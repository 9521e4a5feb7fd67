import { type Finding, SECTION_KEYS, type Section, type StrategyDocument } from '@throughline/strategy-contract';
import { describeFigure, describeInput } from './describe-figure.js';
import { SECTION_TITLES } from './section-titles.js';

/** Imported and typed text is data: what Markdown or HTML would read as markup is escaped. */
function escape(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>()#+!|~-]/g, '\\$&');
}

function list(values: readonly string[]): string {
  return values.map((value) => `- ${value}\n`).join('');
}

/** What each part adds to its findings beyond the common fields. */
function describeExtras(finding: Finding): string[] {
  const { date, format, action, url, terms, constraint, needs, formula, mitigation, start, end } = finding as Finding &
    Partial<Record<string, string>> & { terms?: string[] };
  return [
    date === undefined ? '' : `When: ${date}`,
    action === undefined || format === undefined ? '' : `What: ${action} ${escape(format)}`,
    url === undefined ? '' : `Page: <${new URL(url).href}>`,
    terms === undefined || terms.length === 0 ? '' : `Terms: ${terms.map(escape).join(', ')}`,
    constraint === undefined ? '' : `Did not fit: ${escape(constraint)}`,
    formula === undefined ? '' : `Formula: ${escape(formula)}`,
    needs === undefined ? '' : `Needs: ${escape(needs)}`,
    start === undefined || end === undefined ? '' : `From ${start} to ${end}`,
    mitigation === undefined ? '' : `What to do: ${escape(mitigation)}`,
  ].filter((line) => line !== '');
}

function renderFinding(finding: Finding, document: StrategyDocument): string {
  const figures = Object.entries(finding.figures).map(
    ([name, figure]) => `${escape(name)}: ${escape(describeFigure(figure))}`,
  );
  const evidence = finding.inputsUsed.map((input) => escape(describeInput(input, document))).join('; ');
  return [
    `### ${escape(finding.title)}\n\n${escape(finding.why)}\n\n`,
    list([
      ...describeExtras(finding),
      ...figures,
      ...finding.assumptions.map((assumption) => `Assumed: ${escape(assumption)}`),
      `How we know: ${escape(finding.method)} (${finding.confidence} confidence)${evidence === '' ? '' : `; from ${evidence}`}`,
    ]),
    '\n',
  ].join('');
}

function renderSection(title: string, section: Section, document: StrategyDocument): string {
  const missing =
    section.state === 'ready'
      ? ''
      : `> ${escape(section.unavailableReason ?? 'A part of this is missing.')}\n\n` +
        list((section.supply ?? []).map(({ what, adds }) => `Supply ${escape(what)}: ${escape(adds)}`)) +
        '\n';
  return `## ${title}\n\n${missing}${section.findings.map((finding) => renderFinding(finding, document)).join('')}`;
}

/** The whole strategy as Markdown (CommonMark), each statement with its evidence. */
export function toMarkdown(name: string, document: StrategyDocument): string {
  const sections = SECTION_KEYS.map((key) => renderSection(SECTION_TITLES[key], document[key], document));
  const gaps = document.gaps.map(
    ({ section, reason, supply }) => `${escape(section)}: ${escape(reason)} Supply: ${escape(supply)}`,
  );
  const sources = document.provenance.sources.map(
    ({ name: source, kind, rows, sha256 }) => `${escape(source)} (${kind}, ${rows} pages, SHA-256 ${sha256})`,
  );
  return [
    `# ${escape(name)}\n\nVersion ${document.version}, made ${document.createdAt}\n\n`,
    ...sections,
    gaps.length === 0 ? '' : `## What could not be said\n\n${list(gaps)}\n`,
    `## Sources\n\n${list(sources)}\n`,
    `Planner ${document.provenance.plannerVersion}, seed ${document.provenance.seed}.\n`,
  ].join('');
}
