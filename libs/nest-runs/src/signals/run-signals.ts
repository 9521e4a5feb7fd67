/**
 * Port: short texts between the nodes that share a database. They are hints, never the truth: one that is lost is made
 * up for by polling, one that comes twice or late changes nothing.
 */
export interface RunSignals {
  /** Sends to every node's listeners (one's own may be among them). Payloads are shorter than 4000 bytes. */
  notify(payloads: readonly string[]): Promise<void>;
  /** Calls `handler` for each payload that arrives, until the answered function is called. */
  listen(handler: (payload: string) => void): Promise<() => Promise<void>>;
}
