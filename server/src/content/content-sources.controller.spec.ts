import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContentSource, ContentSourceWithItems, Page } from '@throughline/strategy-contract';
import request from 'supertest';
import { type ContentApp, createContentApp } from './testing/create-content-app.js';

const PATH = '/api/v1/content-sources';
const CSV = 'url,title,published\nhttps://e.org/1,One,2024-01-02\nhttps://e.org/2,Two,2023-05-06\n,None,\n';

describe('/content-sources', () => {
  let content: ContentApp;
  beforeAll(async () => {
    content = await createContentApp();
  });
  afterAll(async () => content.close());

  const server = () => request(content.app.getHttpServer());
  const upload = (body: string | Buffer, fields: Record<string, string> = {}, user = 'ann') => {
    const { fileName = 'inventory.csv', ...rest } = fields;
    let call = server().post(PATH).set('x-user', user);
    for (const [name, value] of Object.entries({ kind: 'own', name: 'Blog', ...rest })) call = call.field(name, value);
    return call.attach('file', Buffer.from(body), fileName);
  };
  const rows = (count: number) =>
    `url,title\n${Array.from({ length: count }, (_, index) => `https://e.org/${index},Page ${index}`).join('\n')}`;

  it('imports a file and answers with what it read', async () => {
    const { body, status } = await upload(CSV);
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      name: 'Blog',
      kind: 'own',
      format: 'csv',
      itemCount: 2,
      from: '2023-05-06',
      to: '2024-01-02',
      sha256: createHash('sha256').update(CSV).digest('hex'),
      createdAt: expect.stringMatching(/^2026-01-01T00:\d\d:\d\d\.000Z$/),
      report: {
        read: 3,
        kept: 2,
        skipped: 1,
        reasons: [{ code: 'missing_url', message: expect.any(String), count: 1, lines: [4] }],
      },
    });
    const { id, ...source } = body as ContentSource;
    const shown = await server().get(`${PATH}/${id}`);
    expect(shown.body).toEqual({
      id,
      ...source,
      items: [
        { url: 'https://e.org/1', title: 'One', published: '2024-01-02', tags: [] },
        { url: 'https://e.org/2', title: 'Two', published: '2023-05-06', tags: [] },
      ],
    });
  });

  it.each([
    ['rss', '<rss><channel><item><link>https://e.org/</link><title>T</title></item></channel></rss>'],
    [
      'atom',
      '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="https://e.org/"/><title>T</title></entry></feed>',
    ],
    ['sitemap', '<urlset><url><loc>https://e.org/</loc><lastmod>2024-01-02</lastmod></url></urlset>'],
  ])('imports %s by its content or by its name', async (format, text) => {
    for (const fields of [{}, { format }, { format: '' }] as Record<string, string>[]) {
      const { body, status } = await upload(text, fields);
      expect([status, (body as ContentSource).format, (body as ContentSource).itemCount]).toEqual([201, format, 1]);
    }
  });

  it('takes control characters out of the name and does not mind those of the file’s name', async () => {
    const { body } = await upload(CSV, {
      name: ' My\r\n\u0000blog\u0007 \u202Ex ',
      fileName: '../..\\evil%0D%0A.csv',
    });
    expect(body).toMatchObject({ name: 'My blog \u202Ex' });
  });

  it.each([
    ['an unknown field', { extra: 'x' }, 'extra', 'unknown_field'],
    ['a kind that is neither', { kind: 'other' }, 'kind', 'is_in'],
    ['a blank name', { name: ' \n' }, 'name', 'required'],
    ['a long name', { name: 'x'.repeat(201) }, 'name', 'max_length'],
    ['a very long name', { name: 'x'.repeat(10_000) }, 'name', 'too_long'],
    ['an unknown format', { format: 'xlsx' }, 'format', 'is_in'],
  ])('refuses %s', async (_, fields, path, code) => {
    const { body, status, type } = await upload(CSV, fields as Record<string, string>);
    expect([status, type]).toEqual([400, 'application/problem+json']);
    expect((body as { errors: unknown[] }).errors).toContainEqual(expect.objectContaining({ path, code }));
  });

  it('refuses a form without a file, and names every missing field', async () => {
    const withoutFile = await server().post(PATH).field('kind', 'own').field('name', 'x');
    expect(withoutFile.status).toBe(400);
    expect(withoutFile.body).toMatchObject({ code: 'validation_failed', errors: [{ path: 'file', code: 'required' }] });
    const empty = await server().post(PATH);
    expect(empty.status).toBe(400);
    expect((empty.body as { errors: { path: string }[] }).errors.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['kind', 'name']),
    );
  });

  it('refuses a second file and a file in another field', async () => {
    const two = await upload(CSV).attach('file', Buffer.from(CSV), 'b.csv');
    expect([two.status, two.body]).toMatchObject([400, { errors: [{ path: 'file', code: 'too_many' }] }]);
    const other = await server().post(PATH).attach('document', Buffer.from(CSV), 'b.csv');
    expect([other.status, other.body]).toMatchObject([400, { errors: [{ path: 'document', code: 'unknown_field' }] }]);
  });

  it('refuses a form that breaks off', async () => {
    const answer = await server()
      .post(PATH)
      .set('Content-Type', 'multipart/form-data; boundary=xx')
      .send('--xx\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nurl\n');
    expect([answer.status, answer.body]).toMatchObject([400, { code: 'malformed_upload' }]);
    const noBoundary = await server().post(PATH).set('Content-Type', 'multipart/form-data').send('x');
    expect(noBoundary.status).toBe(400);
  });

  it.each([
    ['malformed XML', '<rss>\n<channel><item></channel></rss>', { code: 'unreadable_file', line: 2 }],
    ['an entity bomb', '<!DOCTYPE r [<!ENTITY a "aaaa">]><rss>&a;</rss>', { code: 'unreadable_file', line: 1 }],
    ['deep nesting', `<rss>${'<a>'.repeat(200_000)}`, { code: 'unreadable_file', line: 1 }],
    ['a sitemap index', '<sitemapindex/>', { code: 'unreadable_file' }],
    ['no column of addresses', 'a,b\nc,d', { code: 'unreadable_file', line: 1 }],
    ['an empty file', '', { code: 'unreadable_file' }],
    ['an image', Buffer.from('89504e470d0a1a0a', 'hex'), { code: 'unreadable_file' }],
  ])('refuses %s with 422 and says what is wrong', async (_, body, problem) => {
    const answer = await upload(body);
    expect([answer.status, answer.type]).toEqual([422, 'application/problem+json']);
    expect(answer.body).toMatchObject({ ...problem, errors: [{ path: 'file' }] });
  });

  it('refuses a format that the content contradicts', async () => {
    const answer = await upload(CSV, { format: 'rss' });
    expect([answer.status, answer.body]).toMatchObject([
      422,
      { code: 'format_conflict', detected: 'csv', errors: [{ path: 'format', code: 'format_conflict' }] },
    ]);
  });

  it('refuses more than 500 columns with 413', async () => {
    const answer = await upload(`url${',x'.repeat(500)}\nhttps://e.org/`);
    expect([answer.status, answer.body]).toMatchObject([413, { code: 'too_many_columns' }]);
  });

  it('takes 25 MiB and refuses a byte more with 413', async () => {
    const limit = 25 * 1024 * 1024;
    const file = Buffer.alloc(limit + 1, ' ');
    file.write(CSV);
    const fits = await upload(file.subarray(0, limit));
    expect([fits.status, fits.body]).toMatchObject([201, { itemCount: 2 }]);
    const tooLarge = await upload(file);
    expect([tooLarge.status, tooLarge.body]).toMatchObject([
      413,
      { code: 'file_too_large', errors: [{ path: 'file' }] },
    ]);
  });

  it('lists the user’s sources in pages, newest first', async () => {
    for (const name of ['a', 'b', 'c']) await upload(CSV, { name }, 'lister');
    const names: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 3; pages += 1) {
      const { body } = await server().get(`${PATH}?limit=1${cursor}`).set('x-user', 'lister');
      const page = body as Page<ContentSource & { items?: unknown }>;
      expect(page.items[0]?.items).toBeUndefined();
      names.push(...page.items.map(({ name }) => name));
      if (page.nextCursor === undefined) break;
      cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
    }
    expect(names).toEqual(['c', 'b', 'a']);
  });

  it('gives the items in pages that join without a gap', async () => {
    const { id } = (await upload(rows(1203))).body as ContentSource;
    const urls: string[] = [];
    let query = '?limit=200';
    for (;;) {
      const { items, nextCursor } = (await server().get(`${PATH}/${id}${query}`)).body as ContentSourceWithItems;
      urls.push(...items.map(({ url }) => url));
      if (nextCursor === undefined) break;
      query = `?limit=200&cursor=${encodeURIComponent(nextCursor)}`;
    }
    expect(urls).toEqual(Array.from({ length: 1203 }, (_, index) => `https://e.org/${index}`));
    const whole = (await server().get(`${PATH}/${id}`)).body as ContentSourceWithItems;
    expect([whole.itemCount, whole.items.length]).toEqual([1203, 50]);
  });

  it.each(['x', 'WyJhIl0', 'WyJhIiwiYiJd', 'WyItMSJd'])('refuses the cursor %s', async (cursor) => {
    const { id } = (await upload(CSV)).body as ContentSource;
    for (const path of [PATH, `${PATH}/${id}`]) {
      const answer = await server().get(`${path}?cursor=${cursor}`);
      expect([answer.status, answer.body]).toMatchObject([400, { code: 'invalid_cursor' }]);
    }
    expect((await server().get(`${PATH}?limit=0`)).status).toBe(400);
  });

  it('answers for another user’s source as for one that is not there', async () => {
    const { id } = (await upload(CSV)).body as ContentSource;
    for (const method of ['get', 'delete'] as const) {
      const foreign = await server()[method](`${PATH}/${id}`).set('x-user', 'bob');
      const missing = await server()[method](`${PATH}/nothing`).set('x-user', 'bob');
      expect([foreign.status, missing.status]).toEqual([404, 404]);
      expect(foreign.body).toEqual(missing.body);
    }
    expect((await server().get(PATH).set('x-user', 'bob')).body).toEqual({ items: [] });
    expect((await server().get(`${PATH}/${id}`)).status).toBe(200);
  });

  it('removes a source with all of its items', async () => {
    const { id } = (await upload(rows(600))).body as ContentSource;
    const removed = await server().delete(`${PATH}/${id}`);
    expect([removed.status, removed.text]).toEqual([204, '']);
    expect((await server().get(`${PATH}/${id}`)).status).toBe(404);
    expect((await server().delete(`${PATH}/${id}`)).status).toBe(404);
    const left = await content.db.selectFrom('content_chunk').select('position').where('source_id', '=', id).execute();
    expect(left).toEqual([]);
  });

  it('goes on serving when a client breaks off its upload', async () => {
    const { port } = content.app.getHttpServer().address() as AddressInfo;
    const headers = { 'Content-Type': 'multipart/form-data; boundary=xx', 'Content-Length': 1_000_000 };
    const broken = httpRequest({ port, host: '127.0.0.1', path: PATH, method: 'POST', headers });
    broken.on('error', () => broken.destroy());
    const closed = new Promise((resolve) => broken.once('close', resolve));
    const part = '--xx\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nurl\n';
    broken.write(part, () => broken.destroy());
    await closed;
    expect((await server().get(PATH)).status).toBe(200);
  });

  it('keeps the event loop free while it imports 100,000 rows', async () => {
    const file = rows(100_000);
    await upload(CSV);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const { body } = await upload(file);
    delay.disable();
    expect((body as ContentSource).itemCount).toBe(100_000);
    // Well above what it takes, since other work shares the machine; parsing on this thread would take ten times as long.
    expect(delay.max / 1e6).toBeLessThan(250);
  });
});
