import type { NextFunction, Request, Response } from 'express';
import { ProblemException } from './problem-exception.js';

/** Values of one body at most: the largest brief has some thousand, and validation costs more than reading. */
const MAX_VALUES = 20_000;
/** Members of one object at most. */
const MAX_MEMBERS = 500;
const MAX_DEPTH = 20;
/** Names with which an object would be more than data. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

function refuse(code: string, detail: string): ProblemException {
  return new ProblemException(400, code, detail);
}

function checkKey(key: string): void {
  if (RESERVED.has(key)) throw refuse('unknown_field', `A field can't be named ${key}.`);
  if (key.includes('\0') || !key.isWellFormed()) {
    throw refuse('invalid_text', 'The name of a field has a NUL character or half a surrogate pair. Remove it.');
  }
}

/**
 * Whether a body is plain data of a size that validation can bear; it is walked without recursion. Throws a 400 problem:
 * `body_too_complex`, or `invalid_text` for what no database stores (half a surrogate pair anywhere, NUL in a name).
 */
export function checkJson(body: unknown): void {
  const open: { value: unknown; depth: number }[] = [{ value: body, depth: 0 }];
  let values = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    values += 1;
    if (typeof value === 'string' && !value.isWellFormed()) {
      throw refuse('invalid_text', 'A text has half of a surrogate pair, which is no character. Remove it.');
    }
    if (typeof value !== 'object' || value === null) continue;
    const keys = Object.keys(value);
    if (depth >= MAX_DEPTH || values + open.length + keys.length > MAX_VALUES) {
      throw refuse('body_too_complex', `A body may have ${MAX_VALUES} values in all, ${MAX_DEPTH} levels deep.`);
    }
    if (!Array.isArray(value)) {
      if (keys.length > MAX_MEMBERS) {
        throw refuse('body_too_complex', `An object may have ${MAX_MEMBERS} fields.`);
      }
      for (const key of keys) checkKey(key);
    }
    for (const key of keys) open.push({ value: (value as Record<string, unknown>)[key], depth: depth + 1 });
  }
}

/** Refuses bodies that {@link checkJson} refuses, before anything works on them. */
export function refuseComplexJson(request: Request, _response: Response, next: NextFunction): void {
  checkJson(request.body);
  next();
}

const READABLE = ['application/json', 'application/merge-patch+json', 'multipart/form-data'];

/** Refuses a body of a type that nobody here reads: unread, it would be ignored in silence. */
export function refuseOtherTypes(request: Request, _response: Response, next: NextFunction): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  const hasBody = encoding !== undefined || Number(length ?? 0) > 0;
  if (hasBody && request.is(READABLE) === false) {
    throw new ProblemException(415, 'unsupported_media_type', 'Send JSON, with Content-Type: application/json.');
  }
  next();
}
