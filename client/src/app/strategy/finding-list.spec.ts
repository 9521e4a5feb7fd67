import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@throughline/strategy-contract';
import { FindingList } from './finding-list';

const finding = (id: string, kind: string): Finding => ({
  id,
  kind,
  title: `Finding ${id}`,
  why: 'Because.',
  method: 'Counted.',
  inputsUsed: [],
  confidence: 'high',
  assumptions: [],
  figures: {},
});

async function render(findings: Finding[]) {
  const fixture = TestBed.createComponent(FindingList);
  fixture.componentRef.setInput('findings', findings);
  await fixture.whenStable();
  return { fixture, element: fixture.nativeElement as HTMLElement };
}

describe('FindingList', () => {
  it('shows the first dozen, and the rest when asked', async () => {
    const { fixture, element } = await render(Array.from({ length: 15 }, (_, index) => finding(`f${index}`, 'gap')));
    expect(element.querySelectorAll('tl-finding-card')).toHaveLength(12);
    element.querySelector<HTMLElement>('.more')!.click();
    await fixture.whenStable();
    expect(element.querySelectorAll('tl-finding-card')).toHaveLength(15);
    expect(element.querySelector('.more')).toBeNull();
  });

  it('names the kind of a finding where there is more than one', async () => {
    const mixed = await render([finding('a', 'gap'), finding('b', 'strength')]);
    expect([...mixed.element.querySelectorAll('.tl-eyebrow')].map((each) => each.textContent)).toEqual([
      'Gap',
      'Strength',
    ]);
    const same = await render([finding('a', 'risk'), finding('b', 'risk')]);
    expect(same.element.querySelectorAll('.tl-eyebrow')).toHaveLength(0);
  });
});
