/** A node of a plan. */
export interface PlanNode {
  id: string;
  dependsOn: readonly string[];
  /** Days that it takes. */
  days: number;
}

/** Ids on the longest way through a plan; an error where it goes in a circle. */
export function criticalPath(nodes: readonly PlanNode[]): Set<string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const finished = new Map<string, { days: number; before: string | undefined }>();
  const visiting = new Set<string>();
  const visit = (id: string): number => {
    const known = finished.get(id);
    if (known !== undefined) return known.days;
    if (visiting.has(id)) throw new RangeError(`The plan goes in a circle through "${id}".`);
    visiting.add(id);
    const node = byId.get(id);
    if (node === undefined) throw new RangeError(`The plan depends on "${id}", which is not in it.`);
    let longest: { days: number; before: string | undefined } = { days: 0, before: undefined };
    for (const before of node.dependsOn) {
      const days = visit(before);
      if (longest.before === undefined || days > longest.days) longest = { days, before };
    }
    finished.set(id, { days: longest.days + node.days, before: longest.before });
    visiting.delete(id);
    return longest.days + node.days;
  };
  for (const { id } of nodes) visit(id);
  let last: string | undefined;
  for (const { id } of nodes) {
    if (last === undefined || (finished.get(id)?.days ?? 0) >= (finished.get(last)?.days ?? 0)) last = id;
  }
  const path = new Set<string>();
  for (let at = last; at !== undefined; at = finished.get(at)?.before) path.add(at);
  return path;
}
