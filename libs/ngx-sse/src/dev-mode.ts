declare const ngDevMode: unknown;

/** Whether texts and checks for developers are there. Production builds define `ngDevMode` as `false` and drop what asks for it. */
export const isDev = typeof ngDevMode === 'undefined' || !!ngDevMode;
