export { MetricsModule } from './metrics.module.js';
export { PrometheusSseMetrics } from './prometheus-sse-metrics.js';
