import type { Cursor } from '@throughline/sse-protocol';
import type { InvalidMessage, UncheckedMessage } from '../validation';

type Reading =
  | { readonly message: UncheckedMessage; readonly invalid?: undefined }
  | { readonly message?: undefined; readonly invalid: InvalidMessage };

/** A message as it came. Its JSON is read when somebody first wants it, and once for all who share the stream. */
export class ReceivedMessage {
  readonly event: string;
  readonly id: Cursor;
  readonly #text: string | undefined;
  #reading: Reading | undefined;

  private constructor(event: string, id: Cursor, text: string | undefined, reading: Reading | undefined) {
    this.event = event;
    this.id = id;
    this.#text = text;
    this.#reading = reading;
  }

  /** From a stream: `text` is what `data:` carried. */
  static fromText(event: string, id: Cursor, text: string): ReceivedMessage {
    return new ReceivedMessage(event, id, text, undefined);
  }

  /** From a page, whose JSON has been read. */
  static fromPage(message: UncheckedMessage): ReceivedMessage {
    return new ReceivedMessage(message.event, message.id, undefined, { message });
  }

  /** What `data:` carried, or would have. */
  get text(): string {
    return this.#text ?? JSON.stringify(this.#reading?.message?.data);
  }

  /** The same message at another place. */
  at(id: Cursor): ReceivedMessage {
    return new ReceivedMessage(this.event, id, this.#text, this.#reading);
  }

  /** Reads the JSON; with `acceptsText`, what is none is its own reading. Never throws. */
  read(acceptsText = false): Reading {
    const { event, id } = this;
    this.#reading ??= readText(event, id, this.#text ?? '');
    if (acceptsText && this.#reading.invalid) return { message: { event, id, data: this.#text } };
    return this.#reading;
  }
}

function readText(event: string, id: Cursor, text: string): Reading {
  try {
    return { message: { event, id, data: JSON.parse(text) as unknown } };
  } catch (error) {
    const issue = { message: error instanceof Error ? error.message : String(error) };
    return { invalid: { event, id, reason: 'not_json', data: text, issues: [issue] } };
  }
}
