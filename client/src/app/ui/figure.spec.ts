import { OverlayContainer } from '@angular/cdk/overlay';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import type { Figure as FigureData } from '@throughline/strategy-contract';
import { Figure } from './figure';
import { SourceNames } from './source-names';

async function render(figure: FigureData, inputs: Record<string, unknown> = {}) {
  const fixture = TestBed.createComponent(Figure);
  fixture.componentRef.setInput('figure', figure);
  for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
  await fixture.whenStable();
  const button = (fixture.nativeElement as HTMLElement).querySelector('button')!;
  const panel = () => TestBed.inject(OverlayContainer).getContainerElement().querySelector('[role=dialog]');
  const open = async () => {
    button.click();
    await fixture.whenStable();
    return panel()!.textContent;
  };
  return { fixture, button, panel, open };
}

describe('Figure', () => {
  const context = {
    method: 'Counted per week.',
    inputsUsed: [{ sourceId: 'a', rows: 509, what: 'all pages' }, { field: 'business.team' }],
  };

  it('shows value and unit, and says in its name what it counts and what kind it is', async () => {
    const { button } = await render({ value: 12, unit: 'pages', basis: 'observed' }, { label: 'Old pages' });
    expect(button.textContent?.trim()).toBe('12\u00a0pages');
    expect(button.getAttribute('aria-label')).toBe('Old pages: 12\u00a0pages, observed. What it rests on');
    expect(button.getAttribute('aria-expanded')).toBe('false');
  });

  it('explains on demand the method and the inputs by the names of their sources', async () => {
    TestBed.inject(SourceNames).learn([{ id: 'a', name: 'Clinic blog' }]);
    const { button, open } = await render({ value: 0.5, unit: 'items/week', basis: 'observed' }, { context });
    const text = await open();
    expect(button.getAttribute('aria-expanded')).toBe('true');
    expect(text).toContain('Counted per week.');
    expect(text).toContain('Clinic blog: 509 rows, all pages');
    expect(text).toContain('Brief: Team');
  });

  it.each([
    [{ basis: 'computed', method: 'a ÷ b' }, 'a ÷ b'],
    [{ basis: 'benchmark', source: { name: 'A study', year: 2017 } }, 'A study, 2017'],
    [{ basis: 'assumption', by: 'user' }, 'You stated it in the brief.'],
    [{ basis: 'assumption', by: 'product' }, 'Throughline assumes it'],
    [{ basis: 'observed' }, 'Counted in your imported content.'],
  ] as const)('says where a number that is %o comes from', async (more, text) => {
    const { open } = await render({ value: 1, unit: 'score', ...more } as FigureData);
    expect(await open()).toContain(text);
  });

  it('closes by Escape', async () => {
    const { button, panel, open, fixture } = await render({ value: 1, unit: 'score', basis: 'observed' });
    await open();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await fixture.whenStable();
    expect(panel()).toBeNull();
    expect(button.getAttribute('aria-expanded')).toBe('false');
  });
});
