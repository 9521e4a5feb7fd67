/** Counts the listeners that are added to `targets` and not removed, from now on. */
export function countListeners(...targets: EventTarget[]) {
  const added = new Set<string>();
  const names = new Map<unknown, number>();
  const nameOf = (target: EventTarget, type: string, listener: unknown) => {
    if (!names.has(listener)) names.set(listener, names.size);
    return `${targets.indexOf(target)} ${type} ${names.get(listener)}`;
  };
  const restore = targets.map((target) => {
    const { addEventListener, removeEventListener } = target;
    target.addEventListener = (...[type, listener, options]: Parameters<typeof addEventListener>) => {
      added.add(nameOf(target, type, listener));
      addEventListener.call(target, type, listener, options);
    };
    target.removeEventListener = (...[type, listener, options]: Parameters<typeof removeEventListener>) => {
      added.delete(nameOf(target, type, listener));
      removeEventListener.call(target, type, listener, options);
    };
    return () => Object.assign(target, { addEventListener, removeEventListener });
  });
  return {
    get count() {
      return added.size;
    },
    stop: () => restore.forEach((each) => each()),
  };
}
