import type { Json } from './merge-patch';

const PREFIX = 'throughline.unsaved.';

let isReported = false;

/** Storage can be full or forbidden; the page then still saves to the server, only a closed tab would lose text. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!isReported) reportError(error);
    isReported = true;
    return undefined;
  }
}

/** What was typed for a strategy and never acknowledged by the server, as a merge patch. */
export function readUnsavedBrief(strategyId: string): Json {
  return attempt(() => {
    const text = localStorage.getItem(PREFIX + strategyId);
    return text === null ? undefined : (JSON.parse(text) as Json);
  });
}

/** Keeps a patch until the server has it; `undefined` forgets it. */
export function keepUnsavedBrief(strategyId: string, patch: Json): void {
  attempt(() =>
    patch === undefined
      ? localStorage.removeItem(PREFIX + strategyId)
      : localStorage.setItem(PREFIX + strategyId, JSON.stringify(patch)),
  );
}

/** Forgets all unsaved text: the next user of this browser must not see it. */
export function discardUnsavedBriefs(): void {
  attempt(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  });
}
