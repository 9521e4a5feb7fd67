import { decodeHTML } from 'entities';

/** Plain running text: entities decoded, markup and Markdown marks dropped, typographic quotes and dashes levelled. */
export function cleanText(raw: string): string {
  return decodeHTML(raw)
    .replace(/<[^>]{0,500}>/g, ' ')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/https?:\/\/\S+/g, ' ')
    .replace(/\{[%{][^}]*[%}]\}/g, ' ')
    .replace(/:[a-z_]+:/g, ' ')
    .replace(/[*_`#\\]+/g, ' ')
    .replace(/[‘’ʼ]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[‐‑]/g, '-')
    .replace(/[\s\u00a0]+/g, ' ')
    .trim();
}
