/**
 * One log object for each id while anyone holds it: streams share reads and encoded frames by the log's identity. The
 * cache itself keeps no log alive.
 */
export class SharedLogs<L extends object> {
  private readonly logs = new Map<string, WeakRef<L>>();
  private readonly collected = new FinalizationRegistry<string>((id) => {
    // The id may have been given out anew meanwhile.
    if (this.logs.get(id)?.deref() === undefined) this.logs.delete(id);
  });

  constructor(private readonly open: (id: string) => L) {}

  get(id: string): L {
    const held = this.logs.get(id)?.deref();
    if (held !== undefined) return held;
    const log = this.open(id);
    this.logs.set(id, new WeakRef(log));
    this.collected.register(log, id);
    return log;
  }
}
