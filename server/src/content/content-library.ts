import { Injectable } from '@nestjs/common';
import type { ContentItem, ContentSource, SourceKind } from '@throughline/strategy-contract';
import { ProblemException } from '../platform/http/index.js';
import { ContentImporter } from './content-importer.js';
import { ContentItems } from './content-items.js';
import { ContentStore } from './content.store.js';

/**
 * Some of the sources asked for are not the user's or do not exist. Unless it is caught it answers 422 with a fault for
 * each, at `sourceIds.<index>`.
 */
export class UnknownSources extends ProblemException {
  constructor(
    /** The ids that were not found. */
    readonly ids: readonly string[],
    asked: readonly string[],
  ) {
    super(422, 'unknown_sources', 'Some of the content sources are not there; see errors.', {
      errors: ids.map((id) => ({
        path: `sourceIds.${asked.indexOf(id)}`,
        code: 'unknown_source',
        message: 'There is no such content source. Choose one of those listed at /content-sources.',
      })),
    });
  }
}

/** What other features may do with imported content. */
@Injectable()
export class ContentLibrary {
  constructor(
    private readonly store: ContentStore,
    private readonly items: ContentItems,
    private readonly importer: ContentImporter,
  ) {}

  /**
   * The user's sources, oldest first. With `ids`, exactly those; throws {@link UnknownSources} where one is missing or
   * another user's.
   */
  async sourcesFor(ownerId: string, { ids }: { ids?: readonly string[] } = {}): Promise<ContentSource[]> {
    const sources = await this.store.all(ownerId, ids);
    const found = new Set(sources.map(({ id }) => id));
    const missing = [...new Set(ids ?? [])].filter((id) => !found.has(id));
    if (missing.length > 0) throw new UnknownSources(missing, ids ?? []);
    return sources;
  }

  /** All items of a source, in the order of the file; none where it is not there. Check the owner before. */
  async itemsOf(sourceId: string): Promise<ContentItem[]> {
    return this.items.all(sourceId);
  }

  /** Stores items that are already known, as the sample data. */
  async importItems(
    ownerId: string,
    source: { name: string; kind: SourceKind; format: 'csv'; items: readonly ContentItem[]; bytes: Uint8Array },
  ): Promise<ContentSource> {
    return this.importer.importItems(ownerId, source);
  }
}
