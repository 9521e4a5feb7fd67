/** How a request was made. */
export interface TestRequest {
  readonly method: string;
  /** By lower-case names; empty for an EventSource, which takes none. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: BodyInit | null;
}

/** A message on its way; `event` and `id` only where they are written. */
export interface TestFrame {
  readonly event?: string;
  readonly id?: string | undefined;
  readonly data: string;
}

/** One connection of whichever transport is in use, with the handles that its server has. */
export interface TestSource {
  readonly url: string;
  readonly withCredentials: boolean;
  readonly request: TestRequest;
  readonly phase: 'connecting' | 'open' | 'closed';
  /** Listeners that the client has left on it. */
  readonly listenerCount: number;
  /** Sends the header of a stream. */
  accept(): void;
  send(frame: TestFrame): void;
  /** Sends a comment, which an EventSource hides. */
  comment(text: string): void;
  /** Sends `retry:`, which an EventSource hides. */
  retry(delayMs: number): void;
  /** Sends text as it is, a part of a message or several; an EventSource has parsed what comes, so it cannot. */
  write(text: string): void;
  /** Ends the answer: in good order, or in the middle, which an EventSource does not tell apart. */
  end(isOrderly: boolean): void;
  /** Answers with something that is no stream. */
  refuse(status: number | undefined, headers: Readonly<Record<string, string>>): void;
}
