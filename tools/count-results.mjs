/** Prints `N passed, N failed` for the guards and all test suites together; a suite that could not run counts as failed. */
import { readFileSync } from 'node:fs';

const [checkFile, testFile] = process.argv.slice(2);
const guards = /guards: (\d+) passed, (\d+) failed/.exec(readFileSync(checkFile, 'utf8'));
let tests = { numPassedTests: 0, numFailedTests: 1, numRuntimeErrorTestSuites: 0 };
try {
  tests = JSON.parse(readFileSync(testFile, 'utf8'));
} catch (error) {
  process.stdout.write(`No test results: ${error.message}\n`);
}
const passed = Number(guards?.[1] ?? 0) + tests.numPassedTests;
const failed = Number(guards?.[2] ?? 1) + tests.numFailedTests + tests.numRuntimeErrorTestSuites;
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
