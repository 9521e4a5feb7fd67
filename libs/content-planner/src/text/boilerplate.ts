const OPENING_WORDS = 7;
const MOST_REPEATS = 3;

const sentencesOf = (text: string): string[] => text.split(/(?<=[.!?])\s+(?=\S)/);

function openingOf(sentence: string): string | undefined {
  const words = sentence.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
  return words.length < OPENING_WORDS ? undefined : words.slice(0, OPENING_WORDS).join(' ');
}

/** Drops sentences that open alike on more than a few pages: notices, by-lines and series introductions. */
export function dropBoilerplate(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const opening of new Set(sentencesOf(text).map(openingOf))) {
      if (opening !== undefined) counts.set(opening, (counts.get(opening) ?? 0) + 1);
    }
  }
  return texts.map((text) =>
    sentencesOf(text)
      .filter((sentence) => (counts.get(openingOf(sentence) ?? '') ?? 0) <= MOST_REPEATS)
      .join(' '),
  );
}
