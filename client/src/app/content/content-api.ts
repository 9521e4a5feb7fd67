import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { ContentSource, ContentSourceWithItems, SourceFormat, SourceKind } from '@throughline/strategy-contract';
import { firstValueFrom } from 'rxjs';

/** What is imported. */
export interface Import {
  file: File;
  name: string;
  kind: SourceKind;
  /** Left out, the server looks at the file. */
  format?: SourceFormat;
}

/** Imported content. Failures are `HttpErrorResponse`s with a problem document. */
@Injectable({ providedIn: 'root' })
export class ContentApi {
  readonly #http = inject(HttpClient);

  import({ file, name, kind, format }: Import): Promise<ContentSource> {
    const form = new FormData();
    form.set('kind', kind);
    form.set('name', name);
    if (format !== undefined) form.set('format', format);
    // Last, so that the server knows what the file is before it reads it.
    form.set('file', file, file.name);
    return firstValueFrom(this.#http.post<ContentSource>('/api/v1/content-sources', form));
  }

  /** One source with a page of its items. */
  read(id: string, cursor?: string): Promise<ContentSourceWithItems> {
    const params = { limit: 100, ...(cursor === undefined ? {} : { cursor }) };
    return firstValueFrom(this.#http.get<ContentSourceWithItems>(`/api/v1/content-sources/${id}`, { params }));
  }

  async delete(id: string): Promise<void> {
    await firstValueFrom(this.#http.delete(`/api/v1/content-sources/${id}`));
  }
}
