import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { BriefDraft, RunSnapshot, Strategy } from '@throughline/strategy-contract';
import { firstValueFrom } from 'rxjs';

/** Changes to strategies and their runs. Failures are `HttpErrorResponse`s with a problem document. */
@Injectable({ providedIn: 'root' })
export class StrategiesApi {
  readonly #http = inject(HttpClient);

  create(name: string, brief: BriefDraft = {}): Promise<Strategy> {
    return firstValueFrom(this.#http.post<Strategy>('/api/v1/strategies', { name, brief }));
  }

  read(id: string): Promise<Strategy> {
    return firstValueFrom(this.#http.get<Strategy>(`/api/v1/strategies/${id}`));
  }

  async delete(id: string): Promise<void> {
    await firstValueFrom(this.#http.delete(`/api/v1/strategies/${id}`));
  }

  /** Starts a run; the same key never starts a second one. */
  startRun(id: string, idempotencyKey: string): Promise<RunSnapshot> {
    return firstValueFrom(
      this.#http.post<RunSnapshot>(
        `/api/v1/strategies/${id}/runs`,
        {},
        { headers: { 'Idempotency-Key': idempotencyKey } },
      ),
    );
  }

  /** Makes a strategy with sample content and a filled-in brief. */
  async createSample(): Promise<string> {
    const answer = await firstValueFrom(this.#http.post<{ strategyId: string }>('/api/v1/sample', {}));
    return answer.strategyId;
  }
}
