import { HttpException } from '@nestjs/common';
import type { FieldFault } from '@throughline/strategy-contract';

/** What a problem document says besides its code and detail. */
export interface ProblemExtras {
  errors?: readonly FieldFault[];
  /** Response headers, as `Retry-After`. */
  headers?: Readonly<Record<string, string>>;
  /** Further members of the document (RFC 9457, section 3.2). */
  [member: string]: unknown;
}

/** An answer that is an RFC 9457 problem document: what is wrong and what to do about it. */
export class ProblemException extends HttpException {
  readonly code: string;
  readonly detail: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, detail: string, { headers = {}, ...members }: ProblemExtras = {}) {
    super({ code, detail, message: detail }, status);
    this.code = code;
    this.detail = detail;
    this.headers = headers;
    this.members = members;
  }
}
