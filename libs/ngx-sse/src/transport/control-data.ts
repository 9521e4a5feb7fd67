/** Reads the data of a control event; `undefined` where it is not a JSON object. */
export function readControl(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined; // a control frame that cannot be read is a sign of life, and nothing more
  }
}
