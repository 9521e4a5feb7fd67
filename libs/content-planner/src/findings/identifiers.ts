/** Words of a text as part of an id. */
export function slug(text: string): string {
  const words = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f'’]/g, '')
    .match(/[\p{L}\p{N}]+/gu);
  return (words ?? []).slice(0, 8).join('-') || 'untitled';
}

/** Makes ids that are the same for the same texts in the same order, and never twice the same. */
export function identifiers(section: string): (...parts: string[]) => string {
  const used = new Map<string, number>();
  return (...parts) => {
    const id = [section, ...parts.map(slug)].join('-');
    const times = (used.get(id) ?? 0) + 1;
    used.set(id, times);
    return times === 1 ? id : `${id}-${times}`;
  };
}
