import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { exchangeOf } from './stream-exchange.js';

/** The log that the route's {@link SseSource} opened. */
export const SseLog: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext) => exchangeOf(context.switchToHttp().getRequest<object>())?.log,
);

/** The cursor that the client wants to continue from, or `undefined` at the start; checked to be of a cursor's form. */
export const SseCursor: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext) => exchangeOf(context.switchToHttp().getRequest<object>())?.cursor,
);
