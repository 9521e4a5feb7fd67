import {
  applyDecorators,
  createParamDecorator,
  HttpCode,
  HttpStatus,
  RequestMapping,
  RequestMethod,
  UseFilters,
  UseGuards,
  type ExecutionContext,
} from '@nestjs/common';
import type { EventDefinitions, EventsOf } from '../events/define-events.js';
import { describeStream } from '../openapi/describe-stream.js';
import { assertHandlerFits } from './handler-params.js';
import { SseAnswerFilter } from './sse-answer.js';
import type { SseResult, SseStreamOptions } from './sse-stream-options.js';
import { SseGuard } from './sse.guard.js';
import { exchangeOf, type StreamExchange } from './stream-exchange.js';
import { markStreamRoute } from './stream-route.js';

type StreamDecorator<D extends EventDefinitions> = <H extends (...args: never[]) => SseResult<EventsOf<D>>>(
  target: object,
  key: string,
  descriptor: TypedPropertyDescriptor<H>,
) => void;

/** The parameter behind the handler's own: how the wrapped handler learns of the request. */
const Exchange = createParamDecorator((_: unknown, context: ExecutionContext) =>
  exchangeOf(context.switchToHttp().getRequest<object>()),
);

/**
 * Makes a route an event stream, as Nest's own `@Sse()` does, with the library's guard and filter. The handler returns an
 * Observable of messages, an {@link EventLog}, or a promise of one; guards, pipes, filters and `@Param()` work as on any
 * route. Called without the library's guard (by a unit test, say), the handler is as it was written. Throws `TypeError`
 * for a handler that could not be served: one that takes `@Res()` without `passthrough`, or `@SseLog()` without a `source`.
 *
 * @param path as of `@Sse()`
 * @param options where the log comes from, and which events are streamed
 */
export function SseStream<const D extends EventDefinitions = EventDefinitions>(
  path?: string,
  options: SseStreamOptions<D> = {},
): StreamDecorator<D> {
  // The types of the events are for whoever writes the route.
  const route = options as unknown as SseStreamOptions;
  return (target, key, descriptor) => {
    assertHandlerFits(target, key, route);
    const handler = descriptor.value as unknown as (...args: unknown[]) => SseResult;
    const index = parameterCount(target, key, handler);
    const wrapped = function (this: unknown, ...args: unknown[]): unknown {
      const exchange = args[index] as StreamExchange | undefined;
      const result = handler.apply(this, args.slice(0, index));
      return exchange ? exchange.opener.open(exchange, result) : result;
    };
    Object.defineProperty(wrapped, 'name', { value: handler.name || key });
    for (const name of Reflect.getMetadataKeys(handler)) {
      Reflect.defineMetadata(name, Reflect.getMetadata(name, handler), wrapped);
    }
    descriptor.value = wrapped as never;
    Exchange()(target, key, index);
    markStreamRoute(wrapped, route);
    const method = RequestMethod[route.method ?? 'GET'];
    // Whatever the method: EventSource takes no other, and Nest would give a POST 201.
    const own = [UseGuards(SseGuard), UseFilters(SseAnswerFilter), HttpCode(HttpStatus.OK)];
    applyDecorators(RequestMapping({ path: path ?? '/', method }), ...own)(target, key, descriptor as never);
    describeStream(wrapped, route, Reflect.getMetadata('design:returntype', target, key));
  };
}

function parameterCount(target: object, key: string, handler: (...args: unknown[]) => unknown): number {
  const types = Reflect.getMetadata('design:paramtypes', target, key) as unknown[] | undefined;
  return types?.length ?? handler.length;
}
