/** JSON as a merge patch sees it (RFC 7396). */
export type Json = unknown;

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEqual(one: Json, other: Json): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The patch that makes `to` of `from`; `undefined` where they are equal. Absent and `undefined` are the same. */
export function diffAsMergePatch(from: Json, to: Json): Json {
  if (!isObject(to) || !isObject(from)) return isEqual(from, to) ? undefined : to;
  const changes: [string, Json][] = [];
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const before = from[key];
    const after = to[key];
    if (after === undefined) {
      if (before !== undefined) changes.push([key, null]);
      continue;
    }
    const change = diffAsMergePatch(before, after);
    if (change !== undefined) changes.push([key, change]);
  }
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

/** `target` after the patch. Arrays replace. */
export function applyMergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: Record<string, Json> = isObject(target) ? { ...target } : {};
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) delete result[key];
    else result[key] = applyMergePatch(result[key], change);
  }
  return result;
}
