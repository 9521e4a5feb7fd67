import { ValidationPipe, type ValidationError } from '@nestjs/common';
import type { FieldFault } from '@throughline/strategy-contract';
import { ProblemException } from './problem-exception.js';

/** Faults told at once: enough to mend a form, and no answer larger than its request. */
const MAX_FAULTS = 100;

const CODES: Record<string, string> = {
  whitelistValidation: 'unknown_field',
  isDefined: 'required',
  isNotEmpty: 'required',
};

function toCode(constraint: string): string {
  return CODES[constraint] ?? constraint.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function toMessage(constraint: string, message: string): string {
  return constraint === 'whitelistValidation' ? 'This field is unknown; remove it.' : message;
}

/** Flattens class-validator's tree into faults with dotted paths. */
function toFaults(errors: readonly ValidationError[], prefix = ''): FieldFault[] {
  return errors.flatMap((error) => {
    const path = prefix === '' ? error.property : `${prefix}.${error.property}`;
    const own = Object.entries(error.constraints ?? {}).map(([constraint, message]) => ({
      path,
      code: toCode(constraint),
      message: toMessage(constraint, message),
    }));
    return [...own, ...toFaults(error.children ?? [], path)];
  });
}

/** Checks bodies and queries against their DTO: unknown fields are refused, faults become `errors[]`. */
export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
    stopAtFirstError: true,
    exceptionFactory: (errors) =>
      new ProblemException(400, 'validation_failed', 'Some fields are not as they should be; see errors.', {
        errors: toFaults(errors).slice(0, MAX_FAULTS),
      }),
  });
}
