/** What was measured: for people, and for programs. */
import { writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';

/** Prints a case as a table, the ratio first, and what was promised below. */
export function printCase({ title, columns, rows, bars }) {
  const lines = [['', ...columns], ...rows];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  console.log(`\n${title}`);
  for (const [name, ...values] of lines) {
    const cells = values.map((value, index) => value.padStart(widths[index + 1]));
    console.log(`  ${[name.padEnd(widths[0]), ...cells].join('  ')}`);
  }
  for (const { name, value, bar, kind, isReached } of bars) {
    console.log(`  ${isReached ? 'reached' : 'MISSED '}  ${name}: ${value.toFixed(2)} (bar ${kind} ${bar.toFixed(2)})`);
  }
}

/** Writes everything, each round too, as JSON. */
export async function writeReport(file, options, cases) {
  const [{ model }] = cpus();
  const machine = {
    cpu: model,
    cores: cpus().length,
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.version,
  };
  await writeFile(file, `${JSON.stringify({ at: new Date().toISOString(), machine, options, cases }, undefined, 2)}\n`);
}
