/** What a contract suite needs of a test runner: Jest's, Vitest's or Mocha's globals, or `node:test`. */
export interface ContractTestApi {
  describe(name: string, body: () => void): unknown;
  readonly it: ContractTestFunction;
}

/** A runner's `it`. */
export interface ContractTestFunction {
  (name: string, body: () => Promise<void>): unknown;
  /** Where there is one, a test that is left out shows as such. */
  skip?(name: string, body: () => Promise<void>): unknown;
}

/** How a contract suite is registered. */
export interface ContractSuiteOptions<Hook extends string> extends Partial<ContractTestApi> {
  /**
   * Hooks that the subject does not have, because there is no such thing: the tests that need them are skipped. Without
   * it, such a test fails: it would be green for nothing.
   */
  leftOut?: readonly Hook[];
}

/** What a test does. */
export type ScenarioBody<Subject> = (subject: Subject) => Promise<void>;

/** One test of a suite that cannot be done without a certain hook of the subject. */
export interface Scenario<Subject, Hook extends string> {
  readonly needs?: Hook;
  /** Whether this subject has what the test needs; default: the hook is a member of it. */
  readonly isAble?: (subject: Subject) => boolean;
  readonly run: ScenarioBody<Subject>;
}

/** Tests by what they say. */
export type Scenarios<Subject, Hook extends string> = Readonly<
  Record<string, Scenario<Subject, Hook> | ScenarioBody<Subject>>
>;

/** What is registered. */
export interface ContractSuite<Subject, Hook extends string> {
  /** The function that the user called, for errors. */
  readonly caller: string;
  readonly title: string;
  readonly scenarios: Scenarios<Subject, Hook>;
  readonly factory: () => Promise<Subject> | Subject;
}

/** Registers one test for each scenario. Throws `TypeError` where there is no test runner. */
export function registerSuite<Subject extends { close?(): Promise<void> | void }, Hook extends string>(
  { caller, title, scenarios, factory }: ContractSuite<Subject, Hook>,
  { leftOut = [], ...given }: ContractSuiteOptions<Hook>,
): void {
  const { describe, it } = runnerOf(caller, given);
  describe(title, () => {
    for (const [name, entry] of Object.entries(scenarios)) {
      const scenario: Scenario<Subject, Hook> = typeof entry === 'function' ? { run: entry } : entry;
      const { needs } = scenario;
      const test = () => runScenario(scenario, factory);
      if (needs === undefined || !leftOut.includes(needs)) it(name, test);
      else if (it.skip) it.skip(`${name} (left out: give ${needs})`, test);
      else it(`${name} (left out: give ${needs})`, () => Promise.resolve());
    }
  });
}

async function runScenario<Subject extends { close?(): Promise<void> | void }, Hook extends string>(
  { needs, run, isAble = (it) => (it as Record<string, unknown>)[needs ?? ''] !== undefined }: Scenario<Subject, Hook>,
  factory: () => Promise<Subject> | Subject,
): Promise<void> {
  const subject = await factory();
  try {
    if (needs !== undefined && !isAble(subject)) {
      throw new TypeError(
        `This test needs ${needs} of what the factory makes: give it or, if there is no such thing, leave the test ` +
          `out with { leftOut: ['${needs}'] } as the third argument.`,
      );
    }
    await run(subject);
  } finally {
    await subject.close?.();
  }
}

function runnerOf(caller: string, given: Partial<ContractTestApi>): ContractTestApi {
  const globals = globalThis as Partial<ContractTestApi>;
  const { describe = globals.describe, it = globals.it } = given;
  if (typeof describe === 'function' && typeof it === 'function') return { describe, it };
  throw new TypeError(
    `${caller} finds no global \`describe\` and \`it\`: give the runner's own as the third argument, { describe, it } ` +
      'of node:test, say.',
  );
}
