import { HttpErrorResponse, httpResource } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Title } from '@angular/platform-browser';
import { Router, RouterLink } from '@angular/router';
import {
  BRIEF_FIELDS,
  BRIEF_GROUPS,
  type ContentSource,
  type FieldFault,
  type FieldPath,
  type Page,
  type Strategy,
  completeBrief,
  readField,
} from '@throughline/strategy-contract';
import { StrategiesApi } from '../strategies/strategies-api';
import { Icon } from '../ui/icon';
import { newIdempotencyKey } from '../ui/idempotency-key';
import { LoadError } from '../ui/load-error';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { toProblem } from '../ui/problem';
import { BriefField } from './brief-field';
import { BriefSaver } from './brief-saver';
import { faultsOf } from './check-brief';
import { GroupNav } from './group-nav';
import { GROUP_TITLES } from './group-titles';
import { SaveNote } from './save-note';
import { writeField } from './write-field';

/** The brief: five groups of fields, saved as typed, and the start of a run. */
@Component({
  imports: [BriefField, GroupNav, Icon, LoadError, Loading, MatButton, Notice, RouterLink, SaveNote],
  providers: [BriefSaver],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './brief-page.html',
  styleUrl: './brief-page.css',
})
export class BriefPage {
  readonly id = input.required<string>();

  protected readonly saver = inject(BriefSaver);
  readonly #api = inject(StrategiesApi);
  readonly #router = inject(Router);
  readonly #title = inject(Title);
  /** One key until a run has started: pressing again after a lost answer starts no second run. */
  #key = newIdempotencyKey();

  protected readonly strategy = httpResource<Strategy>(() => `/api/v1/strategies/${this.id()}`);
  protected readonly content = httpResource<Page<ContentSource>>(() => '/api/v1/content-sources?limit=100');
  protected readonly groups = BRIEF_GROUPS.map((group) => ({
    group,
    title: GROUP_TITLES[group],
    fields: BRIEF_FIELDS.filter(({ path }) => path.startsWith(`${group}.`)),
  }));
  protected readonly isStarting = signal(false);
  protected readonly failure = signal<string | undefined>(undefined);
  /** Of the last try to start; a field's own fall away when it changes. */
  readonly #startFaults = signal<readonly FieldFault[]>([]);

  protected readonly faults = computed(() => [...this.saver.faults(), ...this.#startFaults()]);
  protected readonly competitors = computed(() =>
    this.#sources('competitor').map(({ id, name }) => ({ value: id, label: name })),
  );
  protected readonly hasNoContent = computed(() => this.content.hasValue() && this.#sources('own').length === 0);

  constructor() {
    effect(() => {
      if (!this.strategy.hasValue()) return;
      const strategy = this.strategy.value();
      untracked(() => this.saver.open(strategy));
    });
    effect(() => {
      const name = this.saver.draft()?.name;
      if (name !== undefined) this.#title.setTitle(`${name} · Brief – Throughline`);
    });
  }

  protected faultsAt(path: FieldPath): FieldFault[] {
    return faultsOf(this.faults(), path);
  }

  protected valueAt(path: FieldPath): unknown {
    return readField(this.saver.draft()?.brief ?? {}, path);
  }

  protected change(path: FieldPath, value: unknown): void {
    this.#startFaults.update((faults) => faults.filter((fault) => faultsOf([fault], path).length === 0));
    this.saver.edit((draft) => ({ ...draft, brief: writeField(draft.brief, path, value) }));
  }

  protected rename(event: Event): void {
    const name = (event.target as HTMLInputElement).value;
    this.saver.edit((draft) => ({ ...draft, name }));
  }

  protected async start(): Promise<void> {
    if (this.isStarting()) return;
    this.failure.set(undefined);
    const check = completeBrief(this.saver.draft()?.brief ?? {});
    if ('faults' in check) return this.#showFaults(check.faults, 'Fill in the required fields that are marked.');
    this.isStarting.set(true);
    try {
      if (!(await this.saver.flush())) {
        this.failure.set('The run starts from the saved brief, and not all of it is saved yet.');
        return;
      }
      const run = await this.#api.startRun(this.id(), this.#key);
      this.#key = newIdempotencyKey();
      await this.#router.navigate(['/runs', run.id]);
    } catch (error) {
      await this.#explain(error);
    } finally {
      this.isStarting.set(false);
    }
  }

  async #explain(error: unknown): Promise<void> {
    const problem = toProblem(error);
    if (problem.status === 409 && problem.runId !== undefined) {
      await this.#router.navigate(['/runs', problem.runId]);
      return;
    }
    // A key belongs to one body; after a refusal the next try is another request.
    if (error instanceof HttpErrorResponse && error.status >= 400) this.#key = newIdempotencyKey();
    if (problem.errors?.length) this.#showFaults(problem.errors, problem.detail);
    else this.failure.set(problem.detail);
  }

  #showFaults(faults: readonly FieldFault[], text: string): void {
    this.#startFaults.set(faults);
    this.failure.set(text);
    const first = BRIEF_FIELDS.find(({ path }) => faultsOf(faults, path).length > 0);
    if (first !== undefined) focusField(first.path);
  }

  #sources(kind: ContentSource['kind']): ContentSource[] {
    return this.content.hasValue() ? this.content.value().items.filter((source) => source.kind === kind) : [];
  }
}

function focusField(path: FieldPath): void {
  const field = document.getElementById(`field-${path}`);
  field?.scrollIntoView({ block: 'center' });
  field?.querySelector<HTMLElement>('input, textarea, select, button')?.focus({ preventScroll: true });
}
