import { describe, expect, it } from '@jest/globals';
import { figureLabel, formatFigure } from './format-figure';

describe('formatFigure', () => {
  it.each([
    [12, 'pages', '12\u00a0pages'],
    [1, 'pages', '1\u00a0page'],
    [12_345.6, 'visits', '12,346\u00a0visits'],
    [0.123, 'share', '12.3\u00a0%'],
    [4.5, 'percent', '4.5\u00a0%'],
    [1200, 'EUR', '€1,200'],
    [0.5, 'USD', '$0.50'],
    [1.234, 'log-odds', '1.23\u00a0log-odds'],
    [2, 'items/week', '2\u00a0items/week'],
    [7, 'other', '7'],
  ])('writes %d %s as %s', (value, unit, text) => {
    expect(formatFigure({ value, unit })).toBe(text);
  });

  it('writes a range with its unit once', () => {
    expect(formatFigure({ value: [3, 5], unit: 'items/week' })).toBe('3–5\u00a0items/week');
  });
});

describe('figureLabel', () => {
  it('puts a key into words', () => {
    expect(figureLabel('publishedPerWeek')).toBe('Published per week');
    expect(figureLabel('expected_ctr')).toBe('Expected CTR');
  });
});
