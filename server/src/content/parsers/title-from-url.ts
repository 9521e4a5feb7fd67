/** Has something to read: a letter, a digit or an emoji. `>` and `—` have not. */
const IN_WORDS = /[\p{L}\p{N}\p{Emoji_Presentation}]/u;

/** Whether a title says something; real feeds hold titles such as ">". */
export function isTitleInWords(title: string): boolean {
  return IN_WORDS.test(title);
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}

function toWords(segment: string): string {
  return decodeSegment(segment)
    .replace(/\.(?:html?|php|aspx?|jsp|md)$/i, '')
    .replace(/^\d{4}-\d{1,2}-\d{1,2}-(?=.*\p{L})/u, '')
    .replace(/[-_+\s\p{Cc}]+/gu, ' ')
    .trim();
}

/** Makes a title from an address: the words of its last part that has any, else the host. */
export function titleFromUrl(url: string): string {
  const { hostname, pathname } = new URL(url);
  const segments = pathname
    .split('/')
    .filter((segment) => segment !== '')
    .map(toWords);
  const title = segments.findLast((words) => /\p{L}/u.test(words) && !/^index$/i.test(words)) ?? hostname;
  const [first = ''] = title;
  return title === hostname ? title : first.toLocaleUpperCase('en') + title.slice(first.length);
}
