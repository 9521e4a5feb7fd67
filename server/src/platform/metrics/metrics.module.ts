import { Global, Module } from '@nestjs/common';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { MetricsController } from './metrics.controller.js';
import { PrometheusSseMetrics } from './prometheus-sse-metrics.js';

function createRegistry(): Registry {
  const registry = new Registry();
  // Event loop delay (`nodejs_eventloop_lag_max_seconds` and quantiles, since the last scrape), memory, CPU, handles.
  collectDefaultMetrics({ register: registry });
  return registry;
}

@Global()
@Module({
  controllers: [MetricsController],
  providers: [{ provide: Registry, useFactory: createRegistry }, PrometheusSseMetrics],
  exports: [Registry, PrometheusSseMetrics],
})
export class MetricsModule {}
