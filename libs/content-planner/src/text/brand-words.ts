import { cleanText } from './clean-text.js';
import { tokenize } from './tokenize.js';

/** The names of sites, to be left out of their subjects. */
export interface Brands {
  /** Stems that are a name by themselves. */
  words: ReadonlySet<string>;
  /** Names of several words, as stems. */
  phrases: readonly string[][];
}

const GENERIC = new Set(
  'a an and blog co com company content corp gmbh inc journal llc ltd magazine news site the website www'.split(' '),
);
const HOST_PARTS = new Set('blog com co edu example gov info io net news org test uk us www app dev eu de'.split(' '));

const OWN_HOST_SHARE = 0.2;

function hostWords(address: string): string[] {
  const host = /^[a-z]+:\/\/([^/:?#]+)/i.exec(address)?.[1]?.toLowerCase() ?? '';
  return host.split('.').filter((label) => label.length > 1 && !HOST_PARTS.has(label));
}

// An inventory may link to pages elsewhere; only hosts of a good part of it are the site's own.
function commonHosts(urls: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const word of urls.flatMap(hostWords)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].filter(([, total]) => total >= urls.length * OWN_HOST_SHARE).map(([word]) => word);
}

/**
 * Names that sites go by: what their source is called, and their hosts.
 *
 * @param sources their names, and the addresses of their pages.
 */
export function findBrands(sources: readonly { name: string; urls: readonly string[] }[]): Brands {
  const words = new Set<string>();
  const phrases: string[][] = [];
  for (const { name, urls } of sources) {
    const named = tokenize(cleanText(name.replace(/\.(?:csv|xml|json)$/i, '')), true).filter(
      ({ lower }) => !GENERIC.has(lower),
    );
    if (named.length === 1) words.add((named[0] as { stem: string }).stem);
    if (named.length > 1) phrases.push(named.map(({ stem }) => stem));
    for (const host of commonHosts(urls)) for (const { stem } of tokenize(host, true)) words.add(stem);
  }
  return { words, phrases };
}
