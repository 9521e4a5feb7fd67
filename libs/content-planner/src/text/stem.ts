const IRREGULAR = new Map([
  ['data', 'data'],
  ['media', 'media'],
  ['news', 'news'],
  ['series', 'series'],
  ['people', 'people'],
  ['analytics', 'analytics'],
  ['analyses', 'analysis'],
  ['analysis', 'analysis'],
  ['criteria', 'criteria'],
  ['civics', 'civic'],
  ['agile', 'agile'],
  ['children', 'child'],
]);

function dropEnding(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:sses|shes|ches|xes|zes)$/.test(word)) return word.slice(0, -2);
  if (word.endsWith('s') && !/(?:ss|us|is|ics)$/.test(word) && word.length > 3) return word.slice(0, -1);
  return word;
}

function dropSuffix(word: string): string {
  for (const suffix of ['ments', 'ment', 'ings', 'ing', 'ers', 'er', 'ed'] as const) {
    if (!word.endsWith(suffix)) continue;
    const base = word.slice(0, -suffix.length);
    if (base.length < 4 || !/[aeiouy]/.test(base)) return word;
    return /([bdfgmnprt])\1$/.test(base) ? base.slice(0, -1) : base;
  }
  return word;
}

/** One form for the inflected forms of an English word ("designers", "designing" → "design"); not itself a word. */
export function stem(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (!/^[a-z]+$/.test(word) || word.length < 4) return word;
  const base = dropSuffix(dropEnding(word));
  return base.length > 4 ? base.replace(/e$/, '').replace(/y$/, 'i') : base;
}
