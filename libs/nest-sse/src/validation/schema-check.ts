import type { StandardIssue, StandardResult, StandardSchema } from '../events/standard-schema.js';

/**
 * Checks data by a schema; answers with what is wrong, each with its path. The `timestamp` that the library gives to an
 * object's data is no fault of the message: where a schema likes it better without, what is wrong then counts.
 */
export function checkBySchema(schema: StandardSchema, data: unknown): string[] | Promise<string[]> {
  return goOn(validate(schema, data), (problems) => {
    if (problems.length === 0 || typeof data !== 'object' || data === null || !('timestamp' in data)) return problems;
    const { timestamp: _, ...rest } = data;
    return goOn(validate(schema, rest), (others) => (others.length <= problems.length ? others : problems));
  });
}

function validate(schema: StandardSchema, data: unknown): string[] | Promise<string[]> {
  try {
    const result = schema['~standard'].validate(data);
    return result instanceof Promise ? result.then(problemsOf, failureOf) : problemsOf(result);
  } catch (error) {
    return failureOf(error);
  }
}

function failureOf(error: unknown): string[] {
  return [`data: its schema failed with ${String(error)}`];
}

function problemsOf({ issues }: StandardResult<unknown>): string[] {
  return issues?.map((issue) => `${pathOf(issue)}: ${issue.message}`) ?? [];
}

function pathOf({ path = [] }: StandardIssue): string {
  const keys = path.map((segment) => (typeof segment === 'object' ? segment.key : segment));
  return ['data', ...keys.map(String)].join('.');
}

/** Goes on at once where there is nothing to wait for: most schemas answer at once, and a stream keeps its order then. */
function goOn<A, B>(value: A | Promise<A>, proceed: (value: A) => B | Promise<B>): B | Promise<B> {
  return value instanceof Promise ? value.then(proceed) : proceed(value);
}
