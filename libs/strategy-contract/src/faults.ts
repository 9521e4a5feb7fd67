import type * as v from 'valibot';
import type { FieldFault } from './brief-completeness.js';

const CODES: Record<string, string> = {
  strict_object: 'unknown_field',
  max_length: 'too_long',
  min_length: 'too_short',
  max_value: 'too_large',
  min_value: 'too_small',
  picklist: 'not_allowed',
};

/** Turns a schema's issues into faults with dotted paths below `prefix`. */
export function toFaults(issues: readonly v.BaseIssue<unknown>[], prefix = ''): FieldFault[] {
  return issues.map((issue) => {
    const keys = (issue.path ?? []).map((item) => String(item.key));
    const isUnknown = issue.type === 'strict_object' && issue.expected === 'never';
    return {
      path: [...(prefix === '' ? [] : [prefix]), ...keys].join('.'),
      code: isUnknown ? 'unknown_field' : (CODES[issue.type] ?? 'invalid'),
      message: isUnknown ? 'This field is unknown; remove it.' : issue.message,
    };
  });
}
