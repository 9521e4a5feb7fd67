import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import type { RunDefinition } from './definition/run-definition.js';
import { RunKind } from './definition/run-handler.decorator.js';
import { RunRuntime } from './run-runtime.js';
import type { RunsOptions } from './runs-options.js';
import { Runs } from './runs.js';

/** How the module gets its options. */
export interface RunsModuleAsyncOptions {
  imports?: NonNullable<DynamicModule['imports']>;
  inject?: any[];
  useFactory: (...args: any[]) => RunsOptions | Promise<RunsOptions>;
}

/** The map that the handlers found at start are put into. */
const DEFINITIONS = Symbol('run definitions');
const OPTIONS = Symbol('runs options');

/**
 * Durable runs: exports {@link Runs} and does the runs whose `@RunHandler`s are among the application's providers. The
 * tables of `runsMigrations` must be there before the application is bootstrapped.
 */
@Module({})
export class RunsModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(RunRuntime) private readonly runtime: RunRuntime,
    @Inject(DEFINITIONS) private readonly definitions: Map<string, RunDefinition>,
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
  ) {}

  static forRoot(options: RunsOptions): DynamicModule {
    return RunsModule.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync({ imports = [], inject = [], useFactory }: RunsModuleAsyncOptions): DynamicModule {
    return {
      module: RunsModule,
      imports: [DiscoveryModule, ...imports],
      providers: [
        { provide: OPTIONS, inject, useFactory },
        { provide: DEFINITIONS, useFactory: () => new Map() },
        {
          provide: RunRuntime,
          inject: [OPTIONS, DEFINITIONS],
          useFactory: (options: RunsOptions, definitions: Map<string, RunDefinition>) =>
            new RunRuntime(options, definitions),
        },
        Runs,
      ],
      exports: [Runs],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const wrapper of this.discovery.getProviders({ metadataKey: RunKind.KEY })) {
      const kind = this.discovery.getMetadataByDecorator(RunKind, wrapper);
      if (kind === undefined || this.definitions.get(kind) === wrapper.instance) continue;
      if (this.definitions.has(kind)) throw new Error(`Two providers handle runs of kind "${kind}".`);
      this.definitions.set(kind, wrapper.instance as RunDefinition);
    }
    await this.runtime.start();
  }

  /** Before the database closes, which is in `onApplicationShutdown`. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.runtime.stop();
  }
}
