import { Logger } from '@nestjs/common';
import type { SseClock } from '../clock.js';
import { checkOf, type EventDefinitions, type PayloadClass } from '../events/define-events.js';
import { isStandardSchema } from '../events/standard-schema.js';
import type { MetricsReporter } from '../sse-metrics.js';
import type { ClassCheck } from './class-check.js';
import { InvalidMessageError, MAX_PROBLEMS } from './invalid-message.js';
import { checkBySchema } from './schema-check.js';

/** What becomes of a message that is not what its event was defined to be; see `SseOptions.validateMessages`. */
export type MessageValidation = 'off' | 'warn' | 'error';

/** Where a message is checked, for the log: a route or a channel. */
export type CheckPlace = string;

/** A message as the check needs it. */
export interface CheckedMessage {
  readonly event: string;
  readonly id?: string;
  readonly data: unknown;
}

/** What a {@link MessageValidator} works with. */
export interface MessageValidatorParts {
  readonly mode: MessageValidation;
  readonly clock: SseClock;
  readonly metrics: MetricsReporter;
  /** The check of classes, where class-validator is installed. */
  readonly classCheck: ClassCheck | undefined;
  readonly logger?: Pick<Logger, 'error' | 'warn'>;
}

type Verdict = InvalidMessageError | undefined;

/** The same fault of the same event is logged again after so long: loud, and no flood. */
const REPEAT_AFTER_MS = 10_000;
const MAX_REPORTS = 200;

/**
 * Checks outgoing messages against what their events were defined to be: each message object once, however many
 * connections it goes to.
 */
export class MessageValidator {
  readonly mode: MessageValidation;
  private readonly logger: Pick<Logger, 'error' | 'warn'>;
  /** By definitions, then by message, or by the data of a message that was published. */
  private readonly verdicts = new WeakMap<EventDefinitions, WeakMap<object, Verdict | Promise<Verdict>>>();
  private readonly reports = new Map<string, number>();
  private hasToldOfClasses = false;

  constructor(private readonly parts: MessageValidatorParts) {
    this.mode = parts.mode;
    this.logger = parts.logger ?? new Logger('SseMessages');
  }

  /** Whether anything is to be checked. */
  get isOn(): boolean {
    return this.mode !== 'off';
  }

  /**
   * What is wrong with a message that is about to be sent; told in the log when it is first found. The verdict of a
   * schema that takes its time is told when it is there, and the message counts as valid: a stream waits for nothing.
   */
  inspect(place: CheckPlace, events: EventDefinitions, message: CheckedMessage): InvalidMessageError | undefined {
    const verdicts = this.verdictsOf(events);
    const key = isObject(message.data) && verdicts.has(message.data) ? message.data : message;
    if (verdicts.has(key)) return settled(verdicts.get(key));
    const verdict = this.check(events, message);
    verdicts.set(message, verdict);
    if (!(verdict instanceof Promise)) return this.report(place, message, verdict);
    void verdict.then((late) => this.report(place, message, late));
    return undefined;
  }

  /**
   * Checks a message before it is stored. Where `mode` is `error`, rejects with {@link InvalidMessageError}; where it is
   * `warn`, tells of it. It is not told of again when it is sent.
   */
  async assert(place: CheckPlace, events: EventDefinitions, message: CheckedMessage): Promise<void> {
    const verdict = await this.check(events, message);
    if (verdict && this.mode === 'error') throw verdict;
    if (isObject(message.data)) this.verdictsOf(events).set(message.data, verdict);
    this.report(place, message, verdict);
  }

  private check(events: EventDefinitions, { event, data }: CheckedMessage): Verdict | Promise<Verdict> {
    const definition = Object.hasOwn(events, event) ? events[event] : undefined;
    if (definition === undefined) {
      const names = Object.keys(events).join(', ');
      return new InvalidMessageError(event, [`it is none of the events that were defined (${names})`]);
    }
    const check = checkOf(definition);
    if (check === undefined) return undefined;
    const problems = isStandardSchema(check) ? checkBySchema(check, data) : this.checkClass(check, data);
    return problems instanceof Promise ? problems.then((late) => verdictOf(event, late)) : verdictOf(event, problems);
  }

  private checkClass(payload: PayloadClass, data: unknown): string[] {
    if (this.parts.classCheck) return this.parts.classCheck(payload, data);
    if (!this.hasToldOfClasses) {
      this.hasToldOfClasses = true;
      this.logger.warn(
        `Messages are not checked against ${payload.name} and other classes: that needs class-validator and ` +
          `class-transformer. Install both, or set validateMessages: 'off'.`,
      );
    }
    return [];
  }

  private report(place: CheckPlace, { id }: CheckedMessage, verdict: Verdict): Verdict {
    if (!verdict) return undefined;
    this.parts.metrics.tell('failed', { code: 'invalid_message' });
    const now = this.parts.clock.now();
    const key = `${place} ${verdict.event} ${verdict.problems.map((problem) => problem.split(':')[0]).join()}`;
    const lastMs = this.reports.get(key);
    if (lastMs !== undefined && now - lastMs < REPEAT_AFTER_MS) return verdict;
    if (this.reports.size >= MAX_REPORTS) this.reports.clear();
    this.reports.set(key, now);
    this.logger.error(`${place}: ${verdict.message}${id === undefined ? '' : ` Its id is ${JSON.stringify(id)}.`}`);
    return verdict;
  }

  private verdictsOf(events: EventDefinitions): WeakMap<object, Verdict | Promise<Verdict>> {
    let verdicts = this.verdicts.get(events);
    if (!verdicts) this.verdicts.set(events, (verdicts = new WeakMap()));
    return verdicts;
  }
}

function verdictOf(event: string, problems: readonly string[]): Verdict {
  return problems.length === 0 ? undefined : new InvalidMessageError(event, problems.slice(0, MAX_PROBLEMS));
}

function settled(verdict: Verdict | Promise<Verdict>): Verdict {
  return verdict instanceof Promise ? undefined : verdict;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
