import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { orderSteps, StepOrderError, stepsToRedo } from './step-order.js';

const step = (id: string, ...after: string[]) => ({ id, after });

describe('orderSteps', () => {
  it('keeps the listed order as far as it can', () => {
    const steps = [step('c', 'b'), step('a'), step('b', 'a'), step('d')];
    expect(orderSteps(steps).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('puts each step after those it reads from, whatever the graph', () => {
    const graphs = fc.array(fc.array(fc.nat(20), { maxLength: 4 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(graphs, fc.infiniteStream(fc.nat(1000)), (graph, shuffle) => {
        // A step reads only from those with a lower number, so there is no circle.
        const steps = graph.map((links, index) => ({
          id: `s${index}`,
          after: [...new Set(links.filter((link) => link < index).map((link) => `s${link}`))],
        }));
        const weights = new Map(steps.map(({ id }) => [id, shuffle.next().value]));
        const listed = [...steps].sort((a, b) => (weights.get(a.id) ?? 0) - (weights.get(b.id) ?? 0));
        const ordered = orderSteps(listed).map(({ id }) => id);
        expect([...ordered].sort()).toEqual(steps.map(({ id }) => id).sort());
        for (const { id, after } of steps) {
          for (const other of after) expect(ordered.indexOf(other)).toBeLessThan(ordered.indexOf(id));
        }
      }),
    );
  });

  it('refuses circles, unknown and double ids', () => {
    expect(() => orderSteps([step('a', 'b'), step('b', 'a')])).toThrow(StepOrderError);
    expect(() => orderSteps([step('a', 'a')])).toThrow('wait for each other: a');
    expect(() => orderSteps([step('a', 'x')])).toThrow('"x", which is no step');
    expect(() => orderSteps([step('a'), step('a')])).toThrow('same id');
  });
});

describe('stepsToRedo', () => {
  it('names what is not done and all that reads from it', () => {
    const steps = [
      { ...step('a'), isDone: true },
      { ...step('b', 'a'), isDone: false },
      { ...step('c', 'b'), isDone: true },
      { ...step('d', 'c'), isDone: true },
      { ...step('e', 'a'), isDone: true },
    ];
    expect(stepsToRedo(steps).sort()).toEqual(['b', 'c', 'd']);
    expect(stepsToRedo(steps.map((each) => ({ ...each, isDone: true })))).toEqual([]);
  });
});
