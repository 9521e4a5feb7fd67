import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

/** What each rule must object to; a rule that is silent here would be silent in the tree too. */
const VIOLATIONS: Record<string, string> = {
  'sse-protocol-imports-nothing': 'libs/sse-protocol/src/imports-a-library.ts',
  'nest-sse-imports': 'libs/nest-sse/src/imports-a-database.ts',
  'nest-roots-only': 'libs/nest-sse/src/imports-the-insides-of-nest.ts',
  'nest-runs-imports': 'libs/nest-runs/src/imports-a-driver.ts',
  'ngx-sse-imports': 'libs/ngx-sse/src/imports-material.ts',
  'strategy-contract-imports': 'libs/strategy-contract/src/imports-rxjs.ts',
  'content-planner-imports': 'libs/content-planner/src/reads-files.ts',
  'server-never-sees-the-client': 'server/src/strategies/imports-the-client-library.ts',
  'client-imports': 'client/src/app/imports-the-server-library.ts',
  'features-meet-at-their-index': 'server/src/strategies/imports-an-inner-file.ts',
  'only-stores-speak-sql': 'server/src/strategies/speaks-sql.ts',
  'no-cycles': 'libs/sse-protocol/src/cycle-a.ts',
  'no-relative-import-crosses-a-package': 'libs/nest-runs/src/crosses-a-package.ts',
};

interface Cruise {
  summary: {
    violations: { from: string; rule: { name: string } }[];
    ruleSetUsed: { forbidden: { name: string }[] };
  };
}

async function cruise(): Promise<Cruise> {
  const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'test/architecture/fixtures'];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [depcruise, ...args], {
      cwd: root,
      maxBuffer: 2 ** 26,
    });
    return JSON.parse(stdout) as Cruise;
  } catch (error) {
    // It exits with the number of violations, and prints them all the same.
    return JSON.parse((error as { stdout: string }).stdout) as Cruise;
  }
}

describe('import boundaries', () => {
  let result: Cruise;

  beforeAll(async () => {
    result = await cruise();
  }, 60_000);

  it('has a deliberate violation for every rule', () => {
    const names = result.summary.ruleSetUsed.forbidden.map(({ name }) => name);
    expect(names.toSorted()).toEqual(Object.keys(VIOLATIONS).toSorted());
  });

  it.each(Object.entries(VIOLATIONS))('%s objects to %s', (rule, file) => {
    const found = result.summary.violations.filter(({ from }) => from === `test/architecture/fixtures/${file}`);
    expect(found.map((violation) => violation.rule.name)).toContain(rule);
  });
});
