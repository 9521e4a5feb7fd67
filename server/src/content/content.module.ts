import { Module } from '@nestjs/common';
import { ContentImporter } from './content-importer.js';
import { ContentItems } from './content-items.js';
import { ContentLibrary } from './content-library.js';
import { ContentPages } from './content-pages.js';
import { ContentSourcesController } from './content-sources.controller.js';
import { ContentStore } from './content.store.js';

/** Imported content: own and competitors' pages that strategies are made from. */
@Module({
  controllers: [ContentSourcesController],
  providers: [ContentStore, ContentItems, ContentPages, ContentImporter, ContentLibrary],
  exports: [ContentLibrary],
})
export class ContentModule {}
