import { EventStreamParser, type ParsedEvent } from './event-stream-parser.js';

/** One event as a client received it. */
export interface ReceivedFrame {
  event: string;
  /** The id of the frame itself; absent on control events. */
  id?: string;
  /** What EventSource would name on a reconnect after it. */
  lastEventId: string;
  /** The parsed JSON, or the text as it is where that is not JSON. Unchecked: a test knows what it asks for. */
  // oxlint-disable-next-line typescript/no-explicit-any
  data: any;
}

/** Reads an event's data as JSON. */
export function toFrame({ event, id, lastEventId, data }: ParsedEvent): ReceivedFrame {
  return { event, lastEventId, data: readJson(data), ...(id !== undefined && { id }) };
}

/** All events of a stream that has ended. */
export function parseEventStream(bytes: Uint8Array): ReceivedFrame[] {
  const frames: ReceivedFrame[] = [];
  new EventStreamParser({ onEvent: (event) => frames.push(toFrame(event)) }).push(bytes);
  return frames;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
