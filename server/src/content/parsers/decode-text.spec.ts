import { describe, expect, it } from '@jest/globals';
import { decodeText } from './decode-text.js';

const TEXT = 'url,title\nhttps://e.org/,Größe “quoted” – naïve €5\n';

function utf16(text: string, isBigEndian: boolean, hasMark: boolean): Buffer {
  const bytes = Buffer.from(hasMark ? `\uFEFF${text}` : text, 'utf16le');
  return isBigEndian ? bytes.swap16() : bytes;
}

const WINDOWS_1252: Record<string, number> = { '“': 0x93, '”': 0x94, '–': 0x96, '€': 0x80 };
const windows1252 = (text: string) => Buffer.from([...text].map((char) => WINDOWS_1252[char] ?? char.charCodeAt(0)));

describe('decodeText', () => {
  it.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${TEXT}`)],
    ['UTF-16 LE with a mark', utf16(TEXT, false, true)],
    ['UTF-16 BE with a mark', utf16(TEXT, true, true)],
    ['UTF-16 LE without one', utf16(TEXT, false, false)],
    ['UTF-16 BE without one', utf16(TEXT, true, false)],
    ['windows-1252', windows1252(TEXT)],
  ])('reads %s', (_, bytes) => {
    expect(decodeText(bytes)).toBe(TEXT);
  });

  it('follows the encoding that XML declares', () => {
    const xml = '<?xml version="1.0" encoding="ISO-8859-2"?><rss>Łódź</rss>';
    const bytes = Buffer.from(xml, 'latin1');
    bytes.set([0xa3, 0xf3, 0x64, 0xbc], xml.indexOf('Ł'));
    expect(decodeText(bytes)).toContain('Łódź');
  });

  it('reads UTF-8 with a character cut in half as UTF-8', () => {
    const text = decodeText(Buffer.concat([Buffer.from('Größe äöü '), Buffer.from([0xc3]), Buffer.from(' end')]));
    expect(text).toBe('Größe äöü \uFFFD end');
  });

  it('removes NUL and control characters but keeps tabs and line ends', () => {
    expect(decodeText(Buffer.from('a\u0000b\u0007\tc\r\nd\u001B'))).toBe('ab\tc\r\nd');
  });

  it.each([
    ['an empty file', Buffer.alloc(0), /empty/],
    ['blanks only', Buffer.from(' \n\n '), /blanks/],
    ['a PNG called .csv', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /PNG image/],
    ['a JPEG', Buffer.from('ffd8ffe000104a464946', 'hex'), /JPEG/],
    ['a workbook', Buffer.from('504b030414000600', 'hex'), /Excel workbook/],
    ['a gzip file', Buffer.from('1f8b0800', 'hex'), /gzip/],
    ['a PDF', Buffer.from('%PDF-1.7'), /PDF/],
    ['other binary data', Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251)), /not text/],
    ['an unknown encoding', Buffer.from('<?xml version="1.0" encoding="klingon"?><rss/>'), /"klingon"/],
  ])('refuses %s', (_, bytes, detail) => {
    expect(() => decodeText(bytes)).toThrow(detail);
  });
});
