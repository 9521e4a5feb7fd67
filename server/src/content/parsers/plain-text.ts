import { decodeHTML } from 'entities';

const BLANKS = /[\s\p{Cc}]+/gu;
const BLOCKS = new Set(
  'address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td th thead tr ul'.split(
    ' ',
  ),
);
const SILENT = new Set(['script', 'style', 'template', 'noscript']);

/** Whether an element stands on lines of its own, so that its text does not run into its neighbour's. */
export function isBlockElement(name: string): boolean {
  return BLOCKS.has(name.toLowerCase());
}

/** One line of text: runs of blanks, line ends and control characters become one space. */
export function toLine(text: string): string {
  return text.replace(BLANKS, ' ').trim();
}

/** At most `max` UTF-16 units, never half a character. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const isSplit = /[\uD800-\uDBFF]/.test(text[max - 1]!);
  return text.slice(0, isSplit ? max - 1 : max).trimEnd();
}

/** Where the tag or comment at `start` ends; the end of the text where it is never closed. */
function endOfMarkup(html: string, start: number): number {
  const close = html.startsWith('<!--', start) ? '-->' : '>';
  const end = html.indexOf(close, start + 1);
  return end === -1 ? html.length : end + close.length;
}

/** Skips what an element such as `<script>` holds. */
function endOfSilent(html: string, name: string, from: number): number {
  const closing = new RegExp(`</${name}`, 'gi');
  closing.lastIndex = from;
  return closing.exec(html)?.index ?? html.length;
}

/**
 * The text of a piece of HTML on one line: tags go, entities are decoded. It reads each character once, so that hostile
 * input costs no more than other; the result is text and must be escaped like any other before it is shown.
 */
export function htmlToLine(html: string): string {
  if (!/[<&]/.test(html)) return toLine(html);
  const parts: string[] = [];
  let at = 0;
  while (at < html.length) {
    const next = html.indexOf('<', at);
    if (next === -1) break;
    const tag = /^<(?:!--|[/!?]?([a-z][a-z0-9]*))/i.exec(html.slice(next, next + 24));
    if (tag === null) {
      parts.push(html.slice(at, next + 1));
      at = next + 1;
      continue;
    }
    parts.push(html.slice(at, next));
    at = endOfMarkup(html, next);
    const name = tag[1]?.toLowerCase() ?? '';
    if (BLOCKS.has(name)) parts.push(' ');
    if (SILENT.has(name) && html[next + 1] !== '/') at = endOfSilent(html, name, at);
  }
  parts.push(html.slice(at));
  return toLine(decodeHTML(parts.join('')));
}
