import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FieldFault } from '@throughline/strategy-contract';
import type { Request } from 'express';
import { isSseRoute } from '@throughline/nest-sse';
import { ProblemException } from './problem-exception.js';

/** Where Nest keeps what the decorators of a handler's parameters ask for, as `<kind>:<index>`; it exports no constant. */
const ROUTE_ARGUMENTS = '__routeArguments__';
const BODY = '3';
const QUERY = '4';
/** A multipart body is checked by the interceptor that reads it. */
const MULTIPART = 'multipart/form-data';

/** Health and metrics are asked by machines that add parameters of their own. */
const API = '/api/';

const STREAM_QUERY = new Set(['after', 'lastEventId', 'limit', 'ticket']);

function toFaults(names: readonly string[]): FieldFault[] {
  return names
    .slice(0, 20)
    .map((path) => ({ path, code: 'unknown_field', message: 'This field is unknown; remove it.' }));
}

/** Refuses fields that a route does not read at all; what it reads is checked by its DTO. */
@Injectable()
export class StrictInputGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (!request.path.startsWith(API)) return true;
    const reads = this.argumentsOf(context);
    const unknown: string[] = [];
    if (!reads.has(BODY) && request.is(MULTIPART) !== MULTIPART) unknown.push(...Object.keys(request.body ?? {}));
    if (!reads.has(QUERY)) {
      const known = isSseRoute(context.getHandler()) ? STREAM_QUERY : new Set<string>();
      unknown.push(...Object.keys(request.query).filter((name) => !known.has(name)));
    }
    if (unknown.length === 0) return true;
    throw new ProblemException(400, 'validation_failed', 'Some fields are unknown here; see errors.', {
      errors: toFaults(unknown),
    });
  }

  private argumentsOf(context: ExecutionContext): Set<string> {
    const metadata: unknown = Reflect.getMetadata(ROUTE_ARGUMENTS, context.getClass(), context.getHandler().name);
    return new Set(Object.keys(metadata ?? {}).map((key) => key.split(':')[0]!));
  }
}
