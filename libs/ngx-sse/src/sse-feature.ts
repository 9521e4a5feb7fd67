import type { SseConfig } from './stream/session-ports';

/** A part of the configuration; made by the `withX` functions, for `provideSse`. */
export interface SseFeature {
  readonly kind: 'sse-feature';
  /** @internal Returns the configuration with this feature's part set. */
  readonly apply: (config: SseConfig) => SseConfig;
}

/** @internal Makes a feature of what it changes. */
export function createFeature(apply: SseFeature['apply']): SseFeature {
  return { kind: 'sse-feature', apply };
}
