/** A dispatched event, as the standard has it. */
export interface ParsedEvent {
  /** `message` where no `event:` field was there. */
  event: string;
  data: string;
  /** The last id of the stream when this was dispatched; empty where there was none yet. */
  lastEventId: string;
  /** The id of its own `id:` field, if it has one. */
  id?: string;
}

/** What the parser tells. */
export interface ParserCallbacks {
  onEvent(event: ParsedEvent): void;
  /** A `retry:` field, ms. */
  onRetry?(retryMs: number): void;
  /** A comment line, without its colon. */
  onComment?(comment: string): void;
}

/**
 * Parses `text/event-stream` from bytes in chunks of any size (WHATWG HTML, 9.2.5 and 9.2.6): UTF-8 with an optional byte
 * order mark, lines that end in LF, CR or CRLF, an id with NUL ignored, an unfinished event dropped.
 */
export class EventStreamParser {
  /** The last id that was dispatched with its block, as EventSource would send it back. */
  lastEventId = '';

  private readonly decoder = new TextDecoder('utf-8');
  private line = '';
  private endedWithCr = false;
  private data: string[] = [];
  private eventType = '';
  private idBuffer = '';
  private ownId: string | undefined;

  constructor(private readonly callbacks: ParserCallbacks) {}

  /** Takes the next bytes. */
  push(chunk: Uint8Array): void {
    for (const character of this.decoder.decode(chunk, { stream: true })) {
      const isLfOfCrLf = character === '\n' && this.endedWithCr;
      this.endedWithCr = character === '\r';
      if (isLfOfCrLf) continue;
      if (character === '\n' || character === '\r') this.endLine();
      else this.line += character;
    }
  }

  private endLine(): void {
    const { line } = this;
    this.line = '';
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) return this.callbacks.onComment?.(line.slice(1));
    if (colon < 0) return this.takeField(line, '');
    const value = line.slice(colon + 1);
    this.takeField(line.slice(0, colon), value.startsWith(' ') ? value.slice(1) : value);
  }

  private takeField(name: string, value: string): void {
    if (name === 'event') this.eventType = value;
    else if (name === 'data') this.data.push(value);
    else if (name === 'id' && !value.includes('\0')) this.ownId = this.idBuffer = value;
    else if (name === 'retry' && /^[0-9]+$/.test(value)) this.callbacks.onRetry?.(Number(value));
  }

  private dispatch(): void {
    const { data, eventType, ownId } = this;
    this.data = [];
    this.eventType = '';
    this.ownId = undefined;
    this.lastEventId = this.idBuffer;
    if (data.length === 0) return;
    this.callbacks.onEvent({
      event: eventType || 'message',
      data: data.join('\n'),
      lastEventId: this.lastEventId,
      ...(ownId !== undefined && { id: ownId }),
    });
  }
}
