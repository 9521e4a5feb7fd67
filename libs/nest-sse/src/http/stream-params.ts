import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { exchangeOf } from './stream-exchange.js';

/** What {@link SseLog} gives a handler; `assertHandlerFits` knows the decorator by it. */
export const openedLog = (_: unknown, context: ExecutionContext) =>
  exchangeOf(context.switchToHttp().getRequest<object>())?.log;

/** The log that the route's {@link SseSource} opened; only for routes that have a `source`. */
export const SseLog: () => ParameterDecorator = createParamDecorator(openedLog);

/** The cursor that the client wants to continue from, or `undefined` at the start; checked to be of a cursor's form. */
export const SseCursor: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext) => exchangeOf(context.switchToHttp().getRequest<object>())?.cursor,
);
