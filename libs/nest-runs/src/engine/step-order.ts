/** A set of steps that can't be put in order, or that names something twice. */
export class StepOrderError extends Error {
  override readonly name = 'StepOrderError';
  readonly code = 'step_order';
}

/**
 * Puts steps in an order in which each comes after those it reads from, otherwise as they are listed.
 * Throws {@link StepOrderError} on a double id, an unknown one in `after`, or a circle.
 */
export function orderSteps<S extends { id: string; after?: readonly string[] }>(steps: readonly S[]): S[] {
  const ids = new Set(steps.map(({ id }) => id));
  if (ids.size !== steps.length) throw new StepOrderError('Two steps have the same id.');
  for (const { id, after = [] } of steps) {
    const unknown = after.find((other) => !ids.has(other));
    if (unknown !== undefined) throw new StepOrderError(`Step "${id}" comes after "${unknown}", which is no step.`);
  }
  const ordered: S[] = [];
  const placed = new Set<string>();
  const waiting = [...steps];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ after = [] }) => after.every((other) => placed.has(other)));
    if (next < 0) throw new StepOrderError(`Steps wait for each other: ${waiting.map(({ id }) => id).join(', ')}.`);
    const [step] = waiting.splice(next, 1) as [S];
    ordered.push(step);
    placed.add(step.id);
  }
  return ordered;
}

/** Ids of the steps that a retry does again: those that are not done, and all that read from them, however far. */
export function stepsToRedo(steps: readonly { id: string; after: readonly string[]; isDone: boolean }[]): string[] {
  const redo = new Set(steps.filter(({ isDone }) => !isDone).map(({ id }) => id));
  for (let grown = true; grown;) {
    const before = redo.size;
    for (const { id, after } of steps) if (after.some((other) => redo.has(other))) redo.add(id);
    grown = redo.size > before;
  }
  return [...redo];
}
