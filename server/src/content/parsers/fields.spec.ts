import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readAddress } from './page-address.js';
import { cutText, htmlToLine } from './plain-text.js';
import { readDate } from './read-date.js';
import { isTitleInWords, titleFromUrl } from './title-from-url.js';

describe('readAddress', () => {
  it.each([
    ['HTTPS://Example.ORG/Path/?b=2&utm_source=x&a=%20+1#part', 'https://example.org/Path/?b=2&a=%20+1'],
    ['https://example.org/?utm_source=a&UTM_medium=b', 'https://example.org/'],
    ['https://example.org:443/a b', 'https://example.org/a%20b'],
    ['https://example.org', 'https://example.org/'],
  ])('brings %s to one form', (text, url) => {
    expect(readAddress(text)).toEqual({ url });
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:x',
    'data:text/html,x',
    'file:///etc/passwd',
    'ftp://e.org/',
    'https://a:b@e.org/',
  ])('refuses %s as unsafe', (text) => expect(readAddress(text)).toEqual({ fault: 'unsafe_url' }));

  it.each([
    '/a',
    '//e.org/a',
    'example.org/a',
    'example.org:80/a',
    'https:e.org',
    'https://',
    'http://[',
    'java script:alert(1)',
  ])('does not take %s for a web address', (text) => expect(readAddress(text)).toEqual({ fault: 'bad_url' }));

  it('gives the same form for what it gave', () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (text) => {
        const reading = readAddress(text);
        fc.pre('url' in reading);
        expect(readAddress(reading.url)).toEqual(reading);
      }),
    );
  });
});

describe('titleFromUrl', () => {
  it.each([
    ['https://e.org/posts/hello-world/', 'Hello world'],
    ['https://e.org/2024-12-5-18f-project-defaults.html', '18f project defaults'],
    ['https://e.org/guide/index.php', 'Guide'],
    ['https://e.org/p/12345', 'P'],
    ['https://e.org/%C3%BCber_uns', 'Über uns'],
    ['https://e.org/100%-sure', '100% sure'],
    ['https://e.org/', 'e.org'],
  ])('reads the words of %s', (url, title) => {
    expect(titleFromUrl(url)).toBe(title);
  });

  it('always finds one', () => {
    fc.assert(fc.property(fc.webUrl(), (url) => expect(titleFromUrl(new URL(url).href).trim()).not.toBe('')));
  });

  it('takes punctuation for no title', () => {
    expect(['>', '', '— …', '***'].map(isTitleInWords)).toEqual([false, false, false, false]);
    expect(['A', '42', '日', '🎉'].map(isTitleInWords)).toEqual([true, true, true, true]);
  });
});

describe('readDate', () => {
  it.each([
    '2024-03-04',
    '2024-3-4',
    '2024/03/04',
    '20240304',
    '2024-03-04T23:59:59.123-11:00',
    '2024-03-04 10:00',
    '04.03.2024',
    '4. 3. 2024',
    'Mon, 04 Mar 2024 00:00:00 GMT',
    '4 Mar 24',
    '4th March 2024',
    '04-Mar-2024',
    'March 4, 2024',
    'Monday, Mar. 4th 2024',
  ])('reads %s', (text) => {
    expect(readDate(text)).toEqual({ day: '2024-03-04' });
  });

  it.each([
    '2024',
    '2024-03',
    '2024-02-30',
    '31.04.2024',
    '4 Foo 2024',
    '1066-10-14',
    '45000',
    'yesterday',
    '4 Mar 2024x',
  ])('does not guess at %s', (text) => expect(readDate(text)).toBeUndefined());

  it('leaves open which of two numbers is the day', () => {
    expect(readDate('03/04/2024')).toEqual({ first: 3, second: 4, year: 2024 });
  });

  it('reads every day of the calendar as it was written', () => {
    const day = fc.date({ min: new Date('1970-01-01'), max: new Date('2199-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, (date) => {
        const expected = { day: date.toISOString().slice(0, 10) };
        expect(readDate(date.toISOString())).toEqual(expected);
        expect(readDate(date.toUTCString())).toEqual(expected);
      }),
    );
  });
});

describe('htmlToLine', () => {
  it.each([
    ['a < b and <3', 'a < b and <3'],
    ['<p>One</p><p>Two</p>', 'One Two'],
    ['un<b>believ</b>able', 'unbelievable'],
    ['<style>p{}</style>text<script>x', 'text'],
    ['&lt;div&gt; &amp; &#x1F600;', '<div> & 😀'],
    ['text <a href="x', 'text'],
  ])('reads %s', (html, text) => {
    expect(htmlToLine(html)).toBe(text);
  });

  it('takes time in proportion to the text, for hostile text too', () => {
    const started = performance.now();
    for (const part of ['<', '<a', '<!--', '<script>', '&', '&lt', '</']) htmlToLine(part.repeat(200_000));
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('cuts text at whole characters', () => {
    expect([cutText('abc', 3), cutText('ab😀', 3), cutText('ab cd', 3)]).toEqual(['abc', 'ab', 'ab']);
  });
});
