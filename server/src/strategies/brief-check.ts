import { type Brief, type BriefDraft, briefDraftSchema, completeBrief, toFaults } from '@throughline/strategy-contract';
import * as v from 'valibot';
import { ProblemException } from '../platform/http/index.js';

/** Faults told at once. */
const MAX_FAULTS = 100;

/** Reads a brief as it is being written. Throws a 400 problem with `errors[]`. */
export function checkBriefDraft(brief: unknown): BriefDraft {
  const parsed = v.safeParse(briefDraftSchema, brief);
  if (parsed.success) return parsed.output;
  throw new ProblemException(
    400,
    'validation_failed',
    'Some fields of the brief are not as they should be; see errors.',
    {
      errors: toFaults(parsed.issues.slice(0, MAX_FAULTS), 'brief'),
    },
  );
}

/** The brief as a run needs it. Throws a 422 problem that names what is missing. */
export function requireCompleteBrief(draft: BriefDraft): Brief {
  const completed = completeBrief(draft);
  if ('brief' in completed) return completed.brief;
  throw new ProblemException(422, 'brief_incomplete', 'The brief lacks fields that a run needs; see errors.', {
    errors: completed.faults,
  });
}
