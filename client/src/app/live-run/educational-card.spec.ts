import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import { EducationalCard } from './educational-card';
import type { StepCard } from './run-state';

const card = (stepId: string): StepCard => ({
  stepId,
  content: { title: `Card of ${stepId}`, summary: '', details: [], tip: '', sources: [] },
});

describe('EducationalCard', () => {
  it('stays at the card that is read while steps go on, and turns when asked', async () => {
    const fixture = TestBed.createComponent(EducationalCard);
    const element = fixture.nativeElement as HTMLElement;
    const title = () => element.querySelector('h2')?.textContent;
    fixture.componentRef.setInput('titles', new Map([['topics', 'Finding the topics']]));
    fixture.componentRef.setInput('cards', [card('context')]);
    fixture.componentRef.setInput('currentStepId', 'context');
    await fixture.whenStable();
    expect(title()).toBe('Card of context');

    fixture.componentRef.setInput('cards', [card('context'), card('topics')]);
    fixture.componentRef.setInput('currentStepId', 'topics');
    await fixture.whenStable();
    expect(title()).toBe('Card of context');

    element.querySelector<HTMLElement>('.newer')!.click();
    await fixture.whenStable();
    expect(title()).toBe('Card of topics');
    expect(element.textContent).toContain('Finding the topics');
    expect(element.querySelector('.newer')).toBeNull();

    element.querySelector<HTMLElement>('[aria-label="Earlier card"]')!.click();
    await fixture.whenStable();
    expect(title()).toBe('Card of context');
  });

  it('opens at the step that is under way', async () => {
    const fixture = TestBed.createComponent(EducationalCard);
    fixture.componentRef.setInput('titles', new Map());
    fixture.componentRef.setInput('currentStepId', 'topics');
    fixture.componentRef.setInput('cards', [card('context'), card('topics')]);
    await fixture.whenStable();
    expect((fixture.nativeElement as HTMLElement).querySelector('h2')?.textContent).toBe('Card of topics');
  });
});
