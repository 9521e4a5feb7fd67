import type { RunError } from '@throughline/sse-protocol';
import { StepError } from '../run-errors.js';

/** A step whose worker died in it this often is not tried again by itself. */
export const MAX_INTERRUPTIONS = 5;

/** What the client is told of an error that a step threw; internals stay in the server's log. */
export function describeFailure(error: unknown, step: { id: string; title: string }): RunError {
  if (error instanceof StepError) {
    return { code: error.code, message: error.message, retryable: error.retryable, stepId: step.id };
  }
  return {
    code: 'step_failed',
    message: `“${step.title}” failed unexpectedly. What was finished before is kept: retry to go on from there.`,
    retryable: true,
    stepId: step.id,
  };
}

export function runTimedOut(timeoutMs: number, step: { id: string; title: string } | undefined): RunError {
  const where = step ? ` while working on “${step.title}”` : '';
  return {
    code: 'run_timeout',
    message: `The run took longer than ${describeDuration(timeoutMs)} and was stopped${where}. What was finished is kept: retry to go on from there.`,
    retryable: true,
    ...(step && { stepId: step.id }),
  };
}

export function stepTimedOut(timeoutMs: number, title: string): StepError {
  return new StepError(
    'step_timeout',
    `“${title}” took longer than ${describeDuration(timeoutMs)} and was stopped. What was finished before is kept: retry to go on from there.`,
    true,
  );
}

export function stepCrashed(step: { id: string; title: string }): RunError {
  return {
    code: 'step_crashed',
    message: `The server stopped ${MAX_INTERRUPTIONS} times while working on “${step.title}”, so it was not tried again by itself. Retry it, or try with less data.`,
    retryable: true,
    stepId: step.id,
  };
}

export function completionFailed(error: unknown): RunError {
  if (error instanceof StepError) return { code: error.code, message: error.message, retryable: error.retryable };
  return {
    code: 'completion_failed',
    message: 'All steps are done, but the result could not be stored. Retry to store it; nothing is done again.',
    retryable: true,
  };
}

export function definitionChanged(): RunError {
  return {
    code: 'definition_changed',
    message: 'The product was updated while this run was under way, and its steps are others now. Start a new run.',
    retryable: false,
  };
}

function describeDuration(durationMs: number): string {
  if (durationMs < 1000) return `${durationMs} milliseconds`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds % 60 !== 0) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  return seconds === 60 ? '1 minute' : `${seconds / 60} minutes`;
}
