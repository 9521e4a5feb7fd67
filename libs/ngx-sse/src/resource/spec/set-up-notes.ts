import { createEnvironmentInjector, EnvironmentInjector, ErrorHandler } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideSse, sseResource, type SseFeature, type SseResourceOptions } from '../../index';
import { provideSseTesting, SseTestingController } from '../../testing/index';

interface Note {
  readonly text: string;
}

/** The events of these streams. */
export interface Notes {
  note: Note;
  cleared: object;
}

export type Options = SseResourceOptions<readonly string[], Notes>;

export const URL = '/notes/1';
export const FRAME_MS = 16;

/** A list of notes whose server is the test. */
export function setUp(options: Partial<Options> = {}, ...features: SseFeature[]) {
  const reported: unknown[] = [];
  TestBed.configureTestingModule({
    providers: [
      provideSse(...features),
      provideSseTesting(),
      { provide: ErrorHandler, useValue: { handleError: (error: unknown) => reported.push(error) } },
    ],
  });
  const server = TestBed.inject(SseTestingController);
  const injector = createEnvironmentInjector([], TestBed.inject(EnvironmentInjector));
  const folded: string[] = [];
  const notes = sseResource<readonly string[], Notes>({
    url: URL,
    events: ['note', 'cleared'],
    defaultValue: [],
    reducer: (list, message) => {
      folded.push(message.id);
      return message.event === 'note' ? [...list, message.data.text] : [];
    },
    injector,
    ...options,
  });
  const next = async () => {
    TestBed.tick();
    await server.advance(FRAME_MS);
    TestBed.tick();
  };
  TestBed.tick();
  return { notes, server, injector, folded, reported, next };
}
