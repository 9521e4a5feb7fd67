import { ConfigurableModuleBuilder, type DynamicModule, Inject, Logger, Module, type NestModule } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { SseChannels } from './channels/sse-channels.js';
import { ConnectionRegistry } from './connections/connection-registry.js';
import { SseConnections } from './connections/sse-connections.js';
import { StreamDrain } from './connections/stream-drain.js';
import { SseAnswerFilter } from './http/sse-answer.js';
import { SseGuard } from './http/sse.guard.js';
import { StreamAdmission } from './http/stream-admission.js';
import { StreamOpener } from './http/stream-opener.js';
import { isStreamRoute, putLast, streamOptionsOf } from './http/stream-route.js';
import { settle, SseOptionsError, type SseOptions } from './sse-options.js';
import { SSE_SETTINGS } from './sse-tokens.js';
import { StreamEngine } from './stream/stream-engine.js';
import { ConnectionTracing } from './tracing/connection-tracing.js';
import { loadClassCheck } from './validation/class-check.js';
import { MessageValidator } from './validation/message-validator.js';
import { ContentValidator } from './validation/validated-content.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE } = new ConfigurableModuleBuilder<SseOptions>({
  moduleName: 'Sse',
})
  .setClassMethodName('forRoot')
  .setExtras({ isGlobal: true }, (definition, { isGlobal }) => ({ ...definition, global: isGlobal }))
  .build();

/**
 * Event streams: `SseModule.forRoot(options)` or `forRootAsync(...)`, once per application. It is global unless
 * `isGlobal: false`, since connections, limits and the drain are the process's, not a module's.
 */
@Module({
  providers: [
    { provide: SSE_SETTINGS, useFactory: settle, inject: [MODULE_OPTIONS_TOKEN] },
    StreamEngine,
    {
      provide: MessageValidator,
      useFactory: async ({ settings, metrics }: StreamEngine) => {
        const { validateMessages: mode, clock } = settings;
        return new MessageValidator({
          mode,
          clock,
          metrics,
          classCheck: mode === 'off' ? undefined : await loadClassCheck(),
        });
      },
      inject: [StreamEngine],
    },
    ContentValidator,
    ConnectionTracing,
    ConnectionRegistry,
    StreamDrain,
    StreamAdmission,
    StreamOpener,
    SseConnections,
    SseChannels,
  ],
  exports: [SSE_SETTINGS, StreamEngine, StreamAdmission, StreamOpener, SseConnections, SseChannels],
})
export class SseModule extends ConfigurableModuleClass implements NestModule {
  constructor(
    private readonly modules: ModulesContainer,
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: SseOptions,
  ) {
    super();
  }

  /** Streams with these options; without any, with the defaults. */
  static override forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    return super.forRoot(options);
  }

  /**
   * Runs before Nest builds the routes: the last moment to see to the order of guards and filters, and the first at which
   * all providers are known. Throws {@link SseOptionsError} for a source that is none of them.
   */
  configure(): void {
    this.warnOfNobody();
    const own = new Set<unknown>([SseGuard, SseAnswerFilter]);
    for (const { controllers } of this.modules.values()) {
      for (const { metatype } of controllers.values()) {
        for (const handler of handlersOf(metatype).filter(isStreamRoute)) {
          this.assertProvided(`${metatype?.name}.${(handler as { name: string }).name}`, handler);
          putLast(handler, own);
        }
      }
    }
  }

  /** Else the first request would learn of it, by a 500. */
  private assertProvided(route: string, handler: object): void {
    const { source } = streamOptionsOf(handler);
    if (!source || [...this.modules.values()].some(({ providers }) => providers.has(source))) return;
    const problem = `The source ${source.name} of ${route} is no provider`;
    throw new SseOptionsError(`${problem}: add it to the \`providers\` of a module.`);
  }

  /** Limits per user count nobody as long as nobody says who the user is. */
  private warnOfNobody(): void {
    const { identify, connectionsPerUser, onLimit } = this.options;
    const given = connectionsPerUser === undefined ? onLimit && 'onLimit' : 'connectionsPerUser';
    if (identify || !given) return;
    new Logger(SseModule.name).warn(
      `The option ${given} has no effect without \`identify\`, which says whose request it is: ` +
        'identify: (request) => ({ user: request.user?.id, address: request.ip }).',
    );
  }
}

/** The methods of a controller, inherited ones too. */
function handlersOf(controller: unknown): object[] {
  const handlers: object[] = [];
  let prototype: object | null = typeof controller === 'function' ? (controller.prototype as object) : null;
  for (; prototype && prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype) as object | null) {
    for (const descriptor of Object.values(Object.getOwnPropertyDescriptors(prototype))) {
      if (typeof descriptor.value === 'function') handlers.push(descriptor.value as object);
    }
  }
  return handlers;
}
