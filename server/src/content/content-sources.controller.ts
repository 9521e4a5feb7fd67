import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import {
  type ContentSource,
  type ContentSourceWithItems,
  type Page,
  SOURCE_FORMATS,
  SOURCE_KINDS,
} from '@throughline/strategy-contract';
import { CurrentUser, type SignedIn } from '../accounts/index.js';
import { PageQuery, ProblemException } from '../platform/http/index.js';
import { ContentImporter } from './content-importer.js';
import { ContentPages } from './content-pages.js';
import { ContentStore } from './content.store.js';
import { ImportRequest } from './import-request.js';
import { UploadInterceptor } from './upload.interceptor.js';

const notFound = () => new ProblemException(404, 'not_found', 'There is no such content source.');

const UPLOAD_SCHEMA = {
  type: 'object',
  required: ['file', 'kind', 'name'],
  properties: {
    file: { type: 'string', format: 'binary' },
    kind: { type: 'string', enum: [...SOURCE_KINDS] },
    name: { type: 'string', maxLength: 200 },
    format: { type: 'string', enum: [...SOURCE_FORMATS] },
  },
};

/** Imports content and shows what was imported. */
@ApiTags('content')
@Controller('content-sources')
export class ContentSourcesController {
  constructor(
    private readonly importer: ContentImporter,
    private readonly pages: ContentPages,
    private readonly store: ContentStore,
  ) {}

  /** Imports a CSV inventory, an RSS or Atom feed or a sitemap of up to 25 MiB. */
  @Post()
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: UPLOAD_SCHEMA })
  @UseInterceptors(UploadInterceptor)
  async import(
    @CurrentUser() user: SignedIn,
    @Body() request: ImportRequest,
    @UploadedFile() file: Express.Multer.File | undefined,
  ): Promise<ContentSource> {
    if (file === undefined) {
      throw new ProblemException(400, 'validation_failed', 'Some fields are not as they should be; see errors.', {
        errors: [
          { path: 'file', code: 'required', message: 'Send the file as multipart/form-data, in the field "file".' },
        ],
      });
    }
    const { name, kind, format } = request;
    return this.importer.importFile(user.id, {
      name,
      kind,
      bytes: file.buffer,
      ...(format === undefined ? {} : { format }),
    });
  }

  /** The user's sources, newest first. */
  @Get()
  async list(@CurrentUser() user: SignedIn, @Query() query: PageQuery): Promise<Page<ContentSource>> {
    return this.pages.sources(user.id, query);
  }

  /** One source with a page of its items, in the order of the file. */
  @Get(':id')
  async show(
    @CurrentUser() user: SignedIn,
    @Param('id') id: string,
    @Query() query: PageQuery,
  ): Promise<ContentSourceWithItems> {
    const source = await this.pages.sourceWithItems(user.id, id, query);
    if (source === undefined) throw notFound();
    return source;
  }

  /** Removes a source and its items; versions that were made from it keep what they say. */
  @Delete(':id')
  @HttpCode(204)
  async remove(@CurrentUser() user: SignedIn, @Param('id') id: string): Promise<void> {
    if (!(await this.store.remove(user.id, id))) throw notFound();
  }
}
