import { HttpClient, HttpErrorResponse } from '@angular/common/http';
import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import type { BriefDraft, FieldFault, Strategy } from '@throughline/strategy-contract';
import { firstValueFrom } from 'rxjs';
import { toProblem } from '../ui/problem';
import { checkBrief, withoutFaultyFields } from './check-brief';
import { applyMergePatch, diffAsMergePatch } from './merge-patch';
import { keepUnsavedBrief, readUnsavedBrief } from './unsaved-brief';

/** What is being written: the parts of a strategy that a person edits. */
export interface Draft {
  name: string;
  brief: BriefDraft;
}

/**
 * `saved`: the server has it · `saving`: on its way · `waiting`: the server can't be reached, it is tried again ·
 * `incomplete`: some field has a fault and is not saved until it is mended · `refused`: the server said no
 */
export type SaveState = 'saved' | 'saving' | 'waiting' | 'incomplete' | 'refused';

const TYPING_PAUSE_MS = 600;
const RETRY_DELAYS_MS = [1000, 2000, 4000, 8000, 16_000, 30_000];

/** Saves a brief as it is typed. What the server has not acknowledged is also kept in the browser. */
@Injectable()
export class BriefSaver {
  readonly #http = inject(HttpClient);
  readonly #draft = signal<Draft | undefined>(undefined);
  readonly #state = signal<SaveState>('saved');
  readonly #faults = signal<readonly FieldFault[]>([]);
  readonly #problem = signal<string | undefined>(undefined);
  #strategyId = '';
  #acknowledged: Draft = { name: '', brief: {} };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #inFlight: Promise<void> | undefined;
  #failures = 0;
  #isClosed = false;

  readonly draft = this.#draft.asReadonly();
  readonly state = this.#state.asReadonly();
  /** Faults of the text as it stands. */
  readonly faults = this.#faults.asReadonly();
  /** Why the server refused. */
  readonly problem = this.#problem.asReadonly();

  constructor() {
    const tryNow = () => {
      if (this.#state() === 'waiting') void this.#save();
    };
    addEventListener('online', tryNow);
    inject(DestroyRef).onDestroy(() => {
      removeEventListener('online', tryNow);
      this.#isClosed = true;
      void this.flush();
    });
  }

  /** Starts from what the server has, with what an earlier visit could not save on top. */
  open({ id, name, brief }: Strategy): void {
    clearTimeout(this.#timer);
    this.#strategyId = id;
    this.#acknowledged = { name, brief };
    const unsaved = readUnsavedBrief(id);
    this.#draft.set(this.#acknowledged);
    this.#state.set('saved');
    this.#faults.set([]);
    if (unsaved !== undefined) this.edit(() => applyMergePatch(this.#acknowledged, unsaved) as Draft);
  }

  /** Changes the text; it is saved after a pause in typing. */
  edit(change: (draft: Draft) => Draft): void {
    const before = this.#draft();
    if (before === undefined) return;
    const draft = change(before);
    this.#draft.set(draft);
    this.#faults.set(checkBrief(draft.brief));
    this.#problem.set(undefined);
    keepUnsavedBrief(this.#strategyId, diffAsMergePatch(this.#acknowledged, draft));
    this.#state.set('saving');
    this.#schedule(TYPING_PAUSE_MS);
  }

  /** Saves at once; whether the server has everything afterwards. */
  async flush(): Promise<boolean> {
    await this.#inFlight;
    if (this.#state() !== 'saved' && this.#state() !== 'incomplete') await this.#save();
    return this.#state() === 'saved';
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(), delayMs);
  }

  #save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#inFlight ??= this.#send().finally(() => (this.#inFlight = undefined));
    return this.#inFlight;
  }

  async #send(): Promise<void> {
    for (;;) {
      const draft = this.#draft();
      if (draft === undefined) return;
      const target = this.#saveable(draft);
      const patch = diffAsMergePatch(this.#acknowledged, target);
      if (patch === undefined) return this.#settle(draft);
      this.#state.set('saving');
      try {
        await firstValueFrom(this.#http.patch(`/api/v1/strategies/${this.#strategyId}`, patch));
      } catch (error) {
        return this.#fail(error);
      }
      this.#failures = 0;
      this.#acknowledged = target;
      keepUnsavedBrief(this.#strategyId, diffAsMergePatch(target, this.#draft()));
    }
  }

  /** What of the text the server would take. */
  #saveable({ name, brief }: Draft): Draft {
    return {
      name: name.trim() === '' ? this.#acknowledged.name : name.trim(),
      brief: withoutFaultyFields(brief, this.#faults(), this.#acknowledged.brief),
    };
  }

  #settle({ name }: Draft): void {
    const isWhole = this.#faults().length === 0 && name.trim() !== '';
    if (isWhole) keepUnsavedBrief(this.#strategyId, undefined);
    this.#state.set(isWhole ? 'saved' : 'incomplete');
  }

  #fail(error: unknown): void {
    const status = error instanceof HttpErrorResponse ? error.status : 0;
    if (status === 0 || status === 429 || status >= 500) {
      this.#state.set('waiting');
      // The next visit goes on from what the browser keeps; two savers would write over each other.
      if (this.#isClosed) return;
      this.#schedule(RETRY_DELAYS_MS[Math.min(this.#failures++, RETRY_DELAYS_MS.length - 1)]!);
      return;
    }
    const { detail, errors = [] } = toProblem(error);
    this.#faults.set(errors);
    this.#problem.set(detail);
    this.#state.set('refused');
  }
}
