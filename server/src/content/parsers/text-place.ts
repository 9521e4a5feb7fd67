/** Line and column, both from 1, of the character at `index`. */
export function placeOf(text: string, index: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) {
    line += 1;
    start = at + 1;
  }
  return { line, column: index - start + 1 };
}

/**
 * Where the `&` is that a parser took for the beginning of an entity and read on from, up to `end`: the first behind
 * the semicolon before. The parser itself notices only at the next semicolon, which may be many lines later.
 */
export function findLooseAmpersand(text: string, end: number): number | undefined {
  const at = text.indexOf('&', text.lastIndexOf(';', end - 2) + 1);
  if (at === -1 || at >= end) return undefined;
  const isInCdata = text.lastIndexOf('<![CDATA[', at) > text.lastIndexOf(']]>', at);
  return isInCdata ? undefined : at;
}
