import type { SourceFormat } from '@throughline/strategy-contract';

/**
 * Why a whole file was refused: `unreadable_file` (not text, malformed, nothing in it), `too_many_columns`, or
 * `format_conflict` (it is not in the format that was asked for).
 */
export interface Refusal {
  code: 'unreadable_file' | 'too_many_columns' | 'format_conflict';
  /** What is wrong and what to do about it, for the user. */
  detail: string;
  /** Where the fault is, 1-based, where one place can be named. */
  line?: number;
  column?: number;
  /** With `format_conflict`: what the content is. */
  detected?: SourceFormat;
}

/** Thrown by parsers for a file that cannot be read at all; a single broken row is counted in the report instead. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';

  constructor(readonly refusal: Refusal) {
    super(refusal.detail);
  }
}

/** Makes the refusal of a file that cannot be read. */
export function unreadable(detail: string, place: { line?: number; column?: number } = {}): FileRefused {
  return new FileRefused({ code: 'unreadable_file', detail, ...place });
}
