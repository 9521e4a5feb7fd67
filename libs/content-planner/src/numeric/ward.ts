/** One merge of a tree: the two nodes (leaves `0…n-1`, then merges in order) and the height at which they join. */
export interface Merge {
  left: number;
  right: number;
  height: number;
}

interface Step {
  a: number;
  b: number;
  height: number;
}

function nearestTo(distances: Float64Array, size: number, isActive: Uint8Array, at: number, before: number): number {
  let best = before;
  let bestDistance = before < 0 ? Number.POSITIVE_INFINITY : (distances[at * size + before] as number);
  for (let other = 0; other < size; other += 1) {
    if (other === at || isActive[other] === 0) continue;
    const distance = distances[at * size + other] as number;
    if (distance < bestDistance) {
      best = other;
      bestDistance = distance;
    }
  }
  return best;
}

function updateDistances(distances: Float64Array, size: number, isActive: Uint8Array, sizes: Float64Array, step: Step) {
  const { a, b, height } = step;
  const sizeA = sizes[a] as number;
  const sizeB = sizes[b] as number;
  for (let other = 0; other < size; other += 1) {
    if (isActive[other] === 0 || other === a || other === b) continue;
    const sizeO = sizes[other] as number;
    const joined =
      ((sizeA + sizeO) * (distances[a * size + other] as number) +
        (sizeB + sizeO) * (distances[b * size + other] as number) -
        sizeO * height) /
      (sizeA + sizeB + sizeO);
    distances[b * size + other] = joined;
    distances[other * size + b] = joined;
  }
  sizes[b] = sizeA + sizeB;
  isActive[a] = 0;
}

// The chain finds merges out of order; sorted by height they make the tree that greedy merging would.
function toMerges(steps: Step[], size: number): Merge[] {
  const ordered = steps.map((step, index) => ({ step, index }));
  ordered.sort((x, y) => x.step.height - y.step.height || x.index - y.index);
  const nodes = Array.from({ length: size }, (_, index) => index);
  const find = (leaf: number): number => {
    let at = leaf;
    while (nodes[at] !== at) at = nodes[at] as number;
    return at;
  };
  const nodeOf = Array.from({ length: size }, (_, index) => index);
  return ordered.map(({ step }, index) => {
    const rootA = find(step.a);
    const rootB = find(step.b);
    const merge = { left: nodeOf[rootA] as number, right: nodeOf[rootB] as number, height: step.height };
    nodes[rootA] = rootB;
    nodeOf[rootB] = size + index;
    return merge;
  });
}

/**
 * Ward's tree by the nearest-neighbour chain, in O(n²).
 *
 * @param squared squared distances, n × n; overwritten.
 */
export function wardTree(squared: Float64Array, size: number): Merge[] {
  const isActive = new Uint8Array(size).fill(1);
  const sizes = new Float64Array(size).fill(1);
  const steps: Step[] = [];
  const chain: number[] = [];
  while (steps.length < size - 1) {
    if (chain.length === 0) chain.push(isActive.indexOf(1));
    const at = chain[chain.length - 1] as number;
    const before = chain.length > 1 ? (chain[chain.length - 2] as number) : -1;
    const nearest = nearestTo(squared, size, isActive, at, before);
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    const step = { a: at, b: nearest, height: squared[at * size + nearest] as number };
    steps.push(step);
    updateDistances(squared, size, isActive, sizes, step);
  }
  return toMerges(steps, size);
}

/** Labels after cutting a tree into `count` clusters; numbered by first appearance. */
export function cutTree(merges: readonly Merge[], size: number, count: number): Int32Array {
  const parents = Array.from({ length: size + merges.length }, (_, index) => index);
  merges.slice(0, Math.max(0, size - count)).forEach(({ left, right }, index) => {
    parents[left] = size + index;
    parents[right] = size + index;
  });
  const numbers = new Map<number, number>();
  return Int32Array.from({ length: size }, (_, leaf) => {
    let root = leaf;
    while (parents[root] !== root) root = parents[root] as number;
    if (!numbers.has(root)) numbers.set(root, numbers.size);
    return numbers.get(root) as number;
  });
}
