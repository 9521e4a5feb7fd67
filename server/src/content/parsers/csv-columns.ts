import { FileRefused, unreadable } from './file-refused.js';
import { IMPORT_LIMITS } from './limits.js';

export type ColumnName = 'url' | 'title' | 'published' | 'modified' | 'excerpt' | 'tags' | 'wordCount';

/** Headers that exports of content systems and crawlers use, the best first; compared by their letters and digits only. */
const SYNONYMS: Record<ColumnName, readonly string[]> = {
  url: 'url,pageurl,posturl,fullurl,canonicalurl,canonicallinkelement1,permalink,address,webaddress,pageaddress,link,href,loc,uri,landingpage,toppages,page,pages'.split(
    ',',
  ),
  title: 'title,pagetitle,posttitle,title1,headline,heading,name,metatitle,seotitle,h1,h11'.split(','),
  published:
    'published,publishdate,publisheddate,datepublished,publishedat,publishedon,publicationdate,pubdate,postdate,date,created,createdat,createddate,datecreated'.split(
      ',',
    ),
  modified:
    'modified,modifieddate,datemodified,modifiedat,lastmodified,lastmod,updated,updateddate,dateupdated,updatedat,lastupdated'.split(
      ',',
    ),
  excerpt: 'excerpt,description,summary,metadescription,metadescription1,teaser,abstract,snippet,standfirst'.split(','),
  tags: 'tags,tag,categories,category,topics,topic,keywords,labels,sections,section'.split(','),
  wordCount: 'wordcount,words,numberofwords,lengthinwords'.split(','),
};

/** Where each known column is. */
export type ColumnMap = { url: number } & Partial<Record<ColumnName, number>>;

const toKey = (header: string): string =>
  header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

const CLICKS = ['clicks', 'klicks', 'clics', 'kliknutí', 'クリック数'];
const IMPRESSIONS = ['impressions', 'impressionen', 'impresiones', 'zobrazení', '表示回数'];

/** Whether these are the columns of a Search Console export: an address without a title, and what searching did with it. */
function isSearchExport(header: readonly string[]): boolean {
  const keys = header.map(toKey);
  const has = (names: readonly string[]) => names.some((name) => keys.includes(name));
  return has(CLICKS) && has(IMPRESSIONS) && !has(SYNONYMS.title);
}

/** Finds the known columns, in any order; `undefined` without a column of addresses, and for an export of searches. */
export function findColumns(header: readonly string[]): ColumnMap | undefined {
  if (isSearchExport(header)) return undefined;
  const keys = header.map(toKey);
  const found: Partial<Record<ColumnName, number>> = {};
  for (const [name, synonyms] of Object.entries(SYNONYMS) as [ColumnName, readonly string[]][]) {
    const synonym = synonyms.find((key) => keys.includes(key));
    if (synonym !== undefined) found[name] = keys.indexOf(synonym);
  }
  return found.url === undefined ? undefined : { ...found, url: found.url };
}

/** Says why a header cannot be used. */
export function refuseHeader(header: readonly string[], line: number): FileRefused {
  if (header.length > IMPORT_LIMITS.columns) {
    const detail = `The file has more than ${IMPORT_LIMITS.columns} columns. Keep those of the inventory: url, title, published, …`;
    return new FileRefused({ code: 'too_many_columns', detail, line });
  }
  if (isSearchExport(header)) {
    return unreadable(
      'This is an export of search results (clicks, impressions), which is not read yet. Import an inventory of the pages themselves.',
      { line },
    );
  }
  if (header.some((cell) => /^\s*https?:\/\//i.test(cell))) {
    return unreadable(
      'The first line holds a page, not the names of the columns. Put a line such as url,title above it.',
      { line },
    );
  }
  const names = header.map((cell) => cell.replace(/\s+/g, ' ').trim()).filter((cell) => cell !== '');
  const shown = names
    .slice(0, 10)
    .map((cell) => `"${cell.slice(0, 40)}"`)
    .join(', ');
  return unreadable(
    `No column holds the addresses of the pages. Name it url (or address, link, page). The columns found: ${shown}${names.length > 10 ? ', …' : ''}.`,
    { line },
  );
}
