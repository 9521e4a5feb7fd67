/**
 * A promise that calls back in the turn in which it is settled, so that a test sees at once what comes of what its server
 * does. For one reader, which chains nothing.
 */
export class Immediate<T> {
  #settled: { readonly value: T } | { readonly error: Error } | undefined;
  #reader: { readonly use: (value: T) => void; readonly fail: (error: Error) => void } | undefined;

  // oxlint-disable-next-line unicorn/no-thenable -- it stands in for a promise, and nobody awaits it
  then(use: (value: T) => void, fail: (error: Error) => void): void {
    this.#reader = { use, fail };
    this.#tell();
  }

  resolve(value: T): void {
    this.#settled ??= { value };
    this.#tell();
  }

  reject(error: Error): void {
    this.#settled ??= { error };
    this.#tell();
  }

  #tell(): void {
    const [reader, settled] = [this.#reader, this.#settled];
    if (!reader || !settled) return;
    this.#reader = undefined;
    if ('error' in settled) reader.fail(settled.error);
    else reader.use(settled.value);
  }
}
