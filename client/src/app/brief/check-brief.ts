import {
  BRIEF_FIELDS,
  type BriefDraft,
  type FieldFault,
  type FieldPath,
  briefDraftSchema,
  readField,
  toFaults,
} from '@throughline/strategy-contract';
import * as v from 'valibot';
import { writeField } from './write-field';

/** Faults of a brief as it is being written, found without asking the server. */
export function checkBrief(brief: BriefDraft): FieldFault[] {
  const result = v.safeParse(briefDraftSchema, brief);
  return result.success ? [] : toFaults(result.issues, 'brief');
}

/** Faults that belong to a field, with what is left of their path. */
export function faultsOf(faults: readonly FieldFault[], path: FieldPath): FieldFault[] {
  const prefix = `brief.${path}`;
  return faults.filter((fault) => fault.path === prefix || fault.path.startsWith(`${prefix}.`));
}

/** The brief with its faulty fields as they were before, so that one of them does not hold up the others. */
export function withoutFaultyFields(brief: BriefDraft, faults: readonly FieldFault[], before: BriefDraft): BriefDraft {
  return BRIEF_FIELDS.reduce(
    (kept, { path }) => (faultsOf(faults, path).length === 0 ? kept : writeField(kept, path, readField(before, path))),
    brief,
  );
}
