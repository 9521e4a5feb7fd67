import type { EventMap, Message } from '@throughline/sse-protocol';

/** One thing that is wrong with a message. */
export interface ValidationIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a Standard Schema says of a value: what it has become, or what is wrong with it. */
export type StandardResult<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly ValidationIssue[] };

/** The part of Standard Schema v1 (https://standardschema.dev) that is used; Valibot, Zod and ArkType schemas fit. */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
  };
}

/** A message as it came: JSON was read, nothing else was checked. */
export type UncheckedMessage = Message<Record<string, unknown>>;

/**
 * Checks a whole message `{ event, id, data }`: a function that says whether it is good, or one that returns what
 * subscribers get instead of it, or throws; or a synchronous Standard Schema, whose output subscribers get.
 */
export type MessageValidator<E extends EventMap> =
  ((message: UncheckedMessage) => boolean | Message<E>) | StandardSchema<Message<E>>;

/** Any message, whatever its events. */
export interface AnyMessage {
  readonly event: string;
  readonly id: string;
  readonly data: unknown;
}

/** The events of the messages that a validator yields: `{ event: 'a'; data: A } | …` gives `{ a: A; … }`. */
export type EventsOf<M extends AnyMessage> = { [K in M['event']]: Extract<M, { readonly event: K }>['data'] };

/** A {@link MessageValidator} that yields messages, from which their events are inferred. */
export type MessageParser<M extends AnyMessage> = ((message: UncheckedMessage) => M) | StandardSchema<M>;

/** A message that was received and not delivered, because it is not what it should be. It is never asked for again. */
export interface InvalidMessage {
  readonly event: string;
  readonly id: string;
  /** `not_json`: its data cannot be read; `rejected`: the validator refused it; `asynchronous`: the validator answers later. */
  readonly reason: 'not_json' | 'rejected' | 'asynchronous';
  /** Text for `not_json`, else the value that was read. */
  readonly data: unknown;
  readonly issues: readonly ValidationIssue[];
}

/** Outcome of {@link checkMessage}. */
export type CheckedMessage<E extends EventMap> =
  | { readonly message: Message<E>; readonly invalid?: undefined }
  | { readonly message?: undefined; readonly invalid: InvalidMessage };

/** Runs a validator over a message; without one the message is taken as it is. Never throws. */
export function checkMessage<E extends EventMap>(
  message: UncheckedMessage,
  validator: MessageValidator<E> | undefined,
): CheckedMessage<E> {
  const { event, id, data } = message;
  const reject = (reason: InvalidMessage['reason'], issues: readonly ValidationIssue[]) => ({
    invalid: { event, id, reason, data, issues },
  });
  const refuse = (why: string, reason: InvalidMessage['reason'] = 'rejected') => reject(reason, [{ message: why }]);
  // Without a validator the server is trusted to send what `E` says; one that answers `true` vouches for it.
  const unchanged = { message: message as unknown as Message<E> };
  if (validator === undefined) return unchanged;
  try {
    // ArkType's schemas are callable, so the Standard Schema interface is looked for first.
    const isSchema = '~standard' in validator;
    const verdict = isSchema ? validator['~standard'].validate(message) : validator(message);
    if (isPromise(verdict)) {
      verdict.then(undefined, () => undefined); // its outcome comes too late to keep the order, whatever it is
      return refuse('The validator is asynchronous. Messages are checked synchronously, in order.', 'asynchronous');
    }
    if (isSchema) {
      const { issues, value } = verdict as StandardResult<Message<E>> & { readonly value: Message<E> };
      return issues ? reject('rejected', issues) : { message: value };
    }
    if (verdict === true) return unchanged;
    return verdict ? { message: verdict as Message<E> } : refuse(`This is no ${event} message.`);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/** Also of another realm, or of zone.js, neither of which is an instance of `Promise`. */
function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function';
}
