import { Injectable, signal } from '@angular/core';

/** Names of content sources by their id, so that evidence reads as a name. Pages fill it with what they know. */
@Injectable({ providedIn: 'root' })
export class SourceNames {
  readonly #names = signal<ReadonlyMap<string, string>>(new Map());

  learn(sources: readonly { id: string; name: string }[]): void {
    this.#names.update((names) => new Map([...names, ...sources.map(({ id, name }) => [id, name] as const)]));
  }

  nameOf(id: string): string {
    return this.#names().get(id) ?? 'a content source';
  }
}
