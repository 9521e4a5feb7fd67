import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContentItem } from '@throughline/strategy-contract';
import { ContentStore } from './content.store.js';
import { ContentLibrary, UnknownSources } from './index.js';
import { packItems, unpackItems } from './item-chunks.js';
import { type ContentApp, createContentApp } from './testing/create-content-app.js';

const item = (index: number): ContentItem => ({
  url: `https://e.org/${index}`,
  title: `Päge ${index} 🎉`,
  tags: ['a'],
});
const items = (count: number) => Array.from({ length: count }, (_, index) => item(index));

describe('ContentLibrary', () => {
  let content: ContentApp;
  let library: ContentLibrary;
  beforeAll(async () => {
    content = await createContentApp();
    library = content.app.get(ContentLibrary);
  });
  afterAll(async () => content.close());

  const add = (owner: string, name: string, count = 1) =>
    library.importItems(owner, { name, kind: 'own', format: 'csv', items: items(count), bytes: Buffer.from(name) });

  it('gives back all items of a source in their order', async () => {
    for (const count of [0, 1, 500, 501, 20_001]) {
      const { id, itemCount, report } = await add('ann', `n${count}`, count);
      expect([itemCount, report]).toEqual([count, { read: count, kept: count, skipped: 0, reasons: [] }]);
      expect(await library.itemsOf(id)).toEqual(items(count));
    }
    expect(await library.itemsOf('nothing')).toEqual([]);
  });

  it('finds a user’s sources, all or some', async () => {
    const first = await add('bob', 'first');
    const second = await add('bob', 'second');
    await add('eve', 'other');
    expect(await library.sourcesFor('bob')).toEqual([first, second]);
    expect(await library.sourcesFor('bob', { ids: [second.id] })).toEqual([second]);
    expect(await library.sourcesFor('bob', { ids: [] })).toEqual([]);
    expect(await library.sourcesFor('nobody')).toEqual([]);
  });

  it('names the ids that are missing or another user’s', async () => {
    const own = await add('cid', 'own');
    const foreign = await add('dan', 'foreign');
    const asked = library.sourcesFor('cid', { ids: [own.id, foreign.id, 'gone'] });
    await expect(asked).rejects.toThrow(UnknownSources);
    await expect(asked).rejects.toMatchObject({
      ids: [foreign.id, 'gone'],
      status: 422,
      members: { errors: [{ path: 'sourceIds.1' }, { path: 'sourceIds.2' }] },
    });
  });

  it('tells the span of a source by publication, else by change', async () => {
    const dated = [
      { ...item(1), published: '2024-02-01', modified: '2025-01-01' },
      { ...item(2), published: '2023-02-01' },
    ];
    const span = async (list: ContentItem[]) => {
      const { from, to } = await library.importItems('ann', {
        name: 'x',
        kind: 'own',
        format: 'csv',
        items: list,
        bytes: Buffer.from(''),
      });
      return [from, to];
    };
    expect(await span(dated)).toEqual(['2023-02-01', '2024-02-01']);
    expect(await span([{ ...item(1), modified: '2025-01-01' }])).toEqual(['2025-01-01', '2025-01-01']);
    expect(await span([item(1)])).toEqual([undefined, undefined]);
  });

  it('stores nothing of an import that fails half-way', async () => {
    const source = { ...(await add('fay', 'template')), id: 'half' };
    const chunks = await packItems(items(5000));
    const broken = [...chunks, chunks[0]!];
    await expect(content.app.get(ContentStore).add('fay', source, broken)).rejects.toThrow(/content_chunk_key/);
    expect((await library.sourcesFor('fay')).map(({ name }) => name)).toEqual(['template']);
    expect(await library.itemsOf('half')).toEqual([]);
  });

  it('packs items in chunks that unpack to the same', async () => {
    const chunks = await packItems(items(1001));
    expect(chunks.map(({ position, itemCount }) => [position, itemCount])).toEqual([
      [0, 500],
      [500, 500],
      [1000, 1],
    ]);
    expect((await Promise.all(chunks.map(({ data }) => unpackItems(data)))).flat()).toEqual(items(1001));
  });
});
