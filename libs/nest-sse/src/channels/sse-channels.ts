import { Inject, Injectable, Optional, type OnModuleDestroy } from '@nestjs/common';
import type { EventMap } from '@throughline/sse-protocol';
import type { EventDefinitions, EventsOf } from '../events/define-events.js';
import { mergeLogs, type MergedLog } from '../log/merged-log.js';
import type { SseSettings } from '../sse-options.js';
import { SSE_SETTINGS } from '../sse-tokens.js';
import { MessageValidator } from '../validation/message-validator.js';
import { ChannelLog } from './channel-log.js';
import { ChannelShelf, type ChannelLife } from './channel-shelf.js';
import { SseChannel } from './sse-channel.js';

export { ChannelLimitError } from './channel-shelf.js';
export { ChannelLog } from './channel-log.js';
export { ChannelGapError, SseChannel } from './sse-channel.js';

/** A channel, as {@link SseChannels.list} tells of it. */
export interface SseChannelStatus {
  readonly name: string;
  /** Messages that are kept. */
  readonly messages: number;
  /** Their bytes as JSON; 0 where `channelMaxBytes` is `Infinity`. */
  readonly bytes: number;
  /** Who hears of what is new: all connections of one log count as one, each `stream()` and each merged log as another. */
  readonly listeners: number;
}

/**
 * The channels of this process, by name. Each is made when it is first asked for, and dropped once it was not used for
 * `channelIdleMs`, or when there are `channelsTotal` and it is unused for the longest; never while somebody listens. What
 * it held is then gone: who resumes gets an `epoch` gap.
 */
@Injectable()
export class SseChannels implements OnModuleDestroy {
  private readonly shelf: ChannelShelf;
  private readonly channels = new WeakMap<ChannelLife, SseChannel>();

  constructor(
    @Inject(SSE_SETTINGS) private readonly settings: SseSettings,
    @Optional() private readonly validator?: MessageValidator,
  ) {
    this.shelf = new ChannelShelf(settings);
  }

  /**
   * The channel of that name, to be held for as long as one likes. The type parameter is the caller's word for what is
   * published there. Throws {@link ChannelLimitError} where there is no room for a new one.
   */
  get<E extends EventMap = Record<string, unknown>>(name: string): SseChannel<E>;
  /** The same, typed by what {@link defineEvents} made; outside production, what is published is checked against it. */
  get<D extends EventDefinitions>(name: string, events: D): SseChannel<EventsOf<D>>;
  get<E extends EventMap>(name: string, events?: EventDefinitions): SseChannel<E> {
    const { clock } = this.settings;
    const life = this.shelf.of(name);
    life.usedAtMs = clock.now();
    let channel = this.channels.get(life);
    if (!channel) {
      channel = new SseChannel(name, new ChannelLog(name, life, this.shelf, clock), clock, this.validator);
      this.channels.set(life, channel);
    }
    if (events) channel.define(events);
    return channel as unknown as SseChannel<E>;
  }

  /**
   * Several channels as one log with one cursor, as {@link mergeLogs}: return it from a handler. The type parameter is the
   * caller's word for what is published in all of them. Throws {@link ChannelLimitError}, and {@link MergedCursorError}
   * for more than 8.
   */
  merge<E extends EventMap = Record<string, unknown>>(names: readonly string[]): MergedLog<E>;
  /**
   * The same, typed by what {@link defineEvents} made: all that the channels together publish. It says nothing of any one
   * of them, so what each is checked against stays what {@link get} said.
   */
  merge<D extends EventDefinitions>(names: readonly string[], events: D): MergedLog<EventsOf<D>>;
  merge<E extends EventMap>(names: readonly string[], _events?: EventDefinitions): MergedLog<E> {
    const logs = Object.fromEntries(names.map((name) => [name, this.get(name).log]));
    return mergeLogs(logs) as unknown as MergedLog<E>;
  }

  /** All channels, the oldest first. */
  list(): SseChannelStatus[] {
    return Array.from(this.shelf.all(), ({ name, log, listeners }) => ({ name, ...log.size, listeners }));
  }

  /** Ends the channel: its streams complete, its history is gone. Answers whether there was one. */
  delete(name: string): boolean {
    return this.shelf.delete(name);
  }

  /** Lets go of the timer; called by Nest. */
  onModuleDestroy(): void {
    this.shelf.close();
  }
}
