import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { RunSnapshot, StrategyDocument } from '@throughline/strategy-contract';
import { firstValueFrom } from 'rxjs';

/** Reads and steers runs. Failures are `HttpErrorResponse`s with a problem document. */
@Injectable({ providedIn: 'root' })
export class RunsApi {
  readonly #http = inject(HttpClient);

  read(id: string): Promise<RunSnapshot> {
    return firstValueFrom(this.#http.get<RunSnapshot>(`/api/v1/runs/${id}`));
  }

  /** Asks the run to stop; finished parts are kept. */
  async cancel(id: string): Promise<void> {
    await firstValueFrom(this.#http.post(`/api/v1/runs/${id}/cancel`, {}));
  }

  /** Runs its failed and skipped steps again. */
  async retry(id: string): Promise<void> {
    await firstValueFrom(this.#http.post(`/api/v1/runs/${id}/retry`, {}));
  }

  readDocument(strategyId: string, version: number): Promise<StrategyDocument> {
    return firstValueFrom(this.#http.get<StrategyDocument>(`/api/v1/strategies/${strategyId}/versions/${version}`));
  }
}
