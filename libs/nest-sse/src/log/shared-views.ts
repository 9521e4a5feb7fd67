/**
 * Views of logs by what they are made of, for as long as somebody holds them: connections share reads and frames by a
 * log's identity, so the same view of the same logs has to be the same object. Nothing is kept alive by it.
 */
export class SharedViews {
  private readonly views = new Map<string, WeakRef<object>>();
  private readonly numbers = new WeakMap<object, number>();
  private lastNumber = 0;
  private readonly forgotten = new FinalizationRegistry<string>((key) => {
    // Another may have been made under the same key before this was told.
    if (this.views.get(key)?.deref() === undefined) this.views.delete(key);
  });

  /** Views that are known; those that nobody holds any more are forgotten some time after they were collected. */
  get size(): number {
    return this.views.size;
  }

  /** A number for an object, to make keys of. */
  numberOf(part: object): number {
    let number = this.numbers.get(part);
    if (number === undefined) this.numbers.set(part, (number = this.lastNumber += 1));
    return number;
  }

  /** The view of that key, made by `create` where there is none in use. */
  of<V extends object>(key: string, create: () => V): V {
    const known = this.views.get(key)?.deref() as V | undefined;
    if (known) return known;
    const view = create();
    this.views.set(key, new WeakRef(view));
    this.forgotten.register(view, key);
    return view;
  }
}

/** The views of this process. */
export const sharedViews = new SharedViews();
