/**
 * Finds items by a key that several may share. Most users have one stream, so an item alone under its key costs no set.
 */
export class ConnectionIndex<T extends object> {
  private readonly items = new Map<string, T | Set<T>>();

  /** Adds the item; those of a key stay in the order in which they came. */
  add(key: string, item: T): void {
    const there = this.items.get(key);
    if (there === undefined) this.items.set(key, item);
    else if (there instanceof Set) there.add(item);
    else if (there !== item) this.items.set(key, new Set([there, item]));
  }

  /** Forgets the item; answers whether it was there. */
  delete(key: string, item: T): boolean {
    const there = this.items.get(key);
    if (!(there instanceof Set)) return there === item && this.items.delete(key);
    const wasThere = there.delete(item);
    const [left] = there;
    if (there.size === 1 && left) this.items.set(key, left);
    return wasThere;
  }

  /** How many have that key. */
  count(key: string): number {
    const there = this.items.get(key);
    return there instanceof Set ? there.size : there === undefined ? 0 : 1;
  }

  /** Those that have that key, oldest first. */
  of(key: string): Iterable<T> {
    const there = this.items.get(key);
    return there instanceof Set ? there : there === undefined ? [] : [there];
  }
}
