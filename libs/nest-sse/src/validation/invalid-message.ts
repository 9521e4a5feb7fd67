/** A message that is not what its event was defined to be. */
export class InvalidMessageError extends Error {
  override readonly name = 'InvalidMessageError';
  readonly code = 'invalid_message';

  constructor(
    /** The event's name. */
    readonly event: string,
    /** What is wrong, each with the path into the data; at most {@link MAX_PROBLEMS}. */
    readonly problems: readonly string[],
  ) {
    super(`The event ${JSON.stringify(event)} is not as it was defined: ${problems.join('; ')}.`);
  }
}

/** Most problems that are told of one message. */
export const MAX_PROBLEMS = 5;
