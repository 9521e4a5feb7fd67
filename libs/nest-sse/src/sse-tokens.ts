/** Injection token of the settled options. */
export const SSE_SETTINGS = Symbol('SSE_SETTINGS');
