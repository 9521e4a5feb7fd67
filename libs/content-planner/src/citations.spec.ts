import { describe, expect, it } from '@jest/globals';
import {
  BRIEF_FIELDS,
  CONTENT_FORMATS,
  FREQUENCIES,
  MONEY_PERIODS,
  POSITIONS,
  SECTION_KEYS,
  TARGET_METRIC_UNITS,
  VOICES,
  type Brief,
  type SectionKey,
  type Sections,
} from '@throughline/strategy-contract';
import { planAll, plannerInput, sampleMaterial } from './testing/plan-all.js';

const MATERIAL = sampleMaterial(45);
const LISTS: readonly (readonly string[])[] = [FREQUENCIES, VOICES, POSITIONS, MONEY_PERIODS, TARGET_METRIC_UNITS];

type Path = readonly (string | number)[];
interface Change {
  name: string;
  brief: Brief;
}

const planWith = (brief: Brief): Sections => planAll(plannerInput({ ...MATERIAL, brief }));
const before = planWith(MATERIAL.brief);

function cites(sections: Sections, key: SectionKey, field: string): boolean {
  return sections[key].inputsUsed.some((input) => 'field' in input && input.field === field);
}

function leavesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function changeLeaf(leaf: unknown): unknown {
  if (typeof leaf === 'boolean') return !leaf;
  if (typeof leaf === 'number') return leaf < 1 ? leaf * 0.9 : leaf === 9 ? 10 : leaf + 1;
  const text = String(leaf);
  const list = LISTS.find((options) => options.includes(text));
  if (list !== undefined) return list[(list.indexOf(text) + 1) % list.length];
  if ((CONTENT_FORMATS as readonly string[]).includes(text)) return 'podcast';
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return `${text.slice(0, 8)}${text.endsWith('09') ? '10' : '09'}`;
  if (text === 'US') return 'DE';
  if (text === 'USD') return 'EUR';
  if (text === 'es') return 'fr';
  if (text === '10') return '11';
  return `${text} anew`;
}

function withValue(brief: Brief, path: Path, change: (value: unknown) => unknown): Brief {
  const copy = structuredClone(brief);
  let at = copy as unknown as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  const last = path[path.length - 1] as string | number;
  const value = change(at[last]);
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}

/** Changes of a field: each of its leaves, and leaving it out where it is optional. */
function changesOf(field: (typeof BRIEF_FIELDS)[number]): Change[] {
  const [group, key] = field.path.split('.') as [string, string];
  const value = (MATERIAL.brief as unknown as Record<string, Record<string, unknown>>)[group]?.[key];
  // A mix has to add up, so its leaves cannot change one by one.
  const leaves = field.path === 'content.mix' ? [] : leavesOf(value, [group, key]).slice(0, 6);
  const changes = leaves.map((path) => ({
    name: path.join('.'),
    brief: withValue(MATERIAL.brief, path, changeLeaf),
  }));
  if (field.path === 'content.mix') {
    changes.push({
      name: 'content.mix',
      brief: withValue(MATERIAL.brief, [group, key], () => ({ article: 51, guide: 49 })),
    });
  }
  if (!field.isRequired) {
    changes.push({ name: `${field.path} left out`, brief: withValue(MATERIAL.brief, [group, key], () => undefined) });
  }
  return changes;
}

describe('what sections cite', () => {
  it.each(BRIEF_FIELDS.map((field) => [field.path, field] as const))(
    'changes what cites %s and leaves the rest byte for byte',
    (path, field) => {
      const changes = changesOf(field);
      expect(changes.length).toBeGreaterThan(0);
      for (const { name, brief } of changes) {
        const after = planWith(brief);
        const changed = SECTION_KEYS.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
        const uncited = changed.filter((key) => !cites(before, key, path) && !cites(after, key, path));
        expect({ name, uncited }).toEqual({ name, uncited: [] });
        expect({ name, changed: changed.length > 0 }).toEqual({ name, changed: true });
      }
    },
    30_000,
  );

  it('cites a field before it is filled in, where filling it in would change the section', () => {
    const bare = withValue(MATERIAL.brief, ['business', 'team'], () => undefined);
    const without = planWith(bare);
    expect(cites(without, 'calendar', 'business.team')).toBe(true);
    expect(cites(without, 'topics', 'business.team')).toBe(false);
  });

  it('cites in a section whatever its findings cite', () => {
    for (const key of SECTION_KEYS) {
      const cited = new Set(before[key].inputsUsed.map((input) => ('field' in input ? input.field : input.sourceId)));
      for (const finding of before[key].findings) {
        for (const input of finding.inputsUsed) {
          expect([key, finding.id, cited.has('field' in input ? input.field : input.sourceId)]).toEqual([
            key,
            finding.id,
            true,
          ]);
        }
      }
    }
  });

  it('cites in a section all that the sections it reads rest on', () => {
    const cited = (key: SectionKey) =>
      before[key].inputsUsed.flatMap((input) => ('field' in input ? [input.field] : []));
    for (const key of ['topics', 'audience', 'competition'] as const) {
      expect(cited('calendar')).toEqual(expect.arrayContaining(cited(key)));
    }
    for (const key of ['performance', 'budget', 'roadmap', 'risks'] as const) {
      expect(cited(key)).toEqual(expect.arrayContaining(cited('calendar')));
    }
  });
});
