import type { Cursor, Gap } from '@throughline/sse-protocol';
import type { SseState } from '../sse-connection';
import { SseError, type SseErrorCode } from '../sse-error';
import { ReceivedMessage } from '../stream/received-message';
import type { StreamStatus } from '../stream/session-ports';

/** A message as one tab tells it to another: `[event, id, text of its data]`. */
export type PostedMessage = readonly [event: string, id: Cursor, text: string];

/** An error as one tab tells it to another; a clone would lose its class. */
type PostedError = readonly [code: SseErrorCode, message: string, status: number | undefined];

/** How the leader's stream is doing. */
export interface PostedStatus {
  readonly state: SseState;
  readonly error: PostedError | undefined;
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly nextAttemptAt: number | undefined;
}

/** A follower asks for what it has not got, and whether there still is a leader. */
export interface Ask {
  readonly kind: 'ask';
  /** Names this question in its answer. */
  readonly ask: string;
  /** What it has got of a leader's own count. */
  readonly place: TermPlace | undefined;
  /** What it has got of the stream, for another leader; `undefined` for whatever comes from now on. */
  readonly cursor: Cursor | undefined;
  /** What the leader is to do with its connection. */
  readonly urge: 'reconnect' | 'networkMayBeBack' | undefined;
}

/** A place in what one leader tells: how many messages and gaps it has told of. */
export interface TermPlace {
  /**
   * Names one leader's time: when it began, and the tab. Of leaders, only the latest is listened to, so not to one who was
   * deposed and does not know it.
   */
  readonly term: string;
  readonly number: number;
}

/** What a leader tells all, or answers one. Messages and gaps count; `number` includes them. */
export type LeaderPost = TermPlace &
  (
    | { readonly kind: 'message'; readonly message: PostedMessage }
    | { readonly kind: 'gap'; readonly gap: Gap }
    | { readonly kind: 'status'; readonly status: PostedStatus }
    | { readonly kind: 'end'; readonly error: PostedError | undefined }
    | {
        readonly kind: 'rest';
        readonly ask: string;
        /** What the follower has not got; `undefined` if the leader no longer keeps all of it. */
        readonly messages: readonly PostedMessage[] | undefined;
        readonly status: PostedStatus;
      }
  );

/** Everything that is ever posted about one stream. Tickets and headers are no part of it. */
export type TabPost = Ask | LeaderPost;

export function postMessageOf(message: ReceivedMessage): PostedMessage {
  const { event, id, text } = message;
  return [event, id, text ?? JSON.stringify(message.read().message?.data)];
}

export function readMessage(posted: PostedMessage): ReceivedMessage {
  return ReceivedMessage.fromText(...posted);
}

export function postErrorOf(error: SseError | undefined): PostedError | undefined {
  return error && [error.code, error.message, error.status];
}

export function readError(posted: PostedError | undefined): SseError | undefined {
  if (!posted) return undefined;
  const [code, message, status] = posted;
  return new SseError(code, message, status === undefined ? {} : { status });
}

export function postStatusOf({ error, nextAttemptAt, ...rest }: StreamStatus): PostedStatus {
  return { ...rest, error: postErrorOf(error), nextAttemptAt: nextAttemptAt?.getTime() };
}

export function readStatus({ error, nextAttemptAt, ...rest }: PostedStatus): StreamStatus {
  const dueAt = nextAttemptAt === undefined ? undefined : new Date(nextAttemptAt);
  return { ...rest, error: readError(error), nextAttemptAt: dueAt };
}
