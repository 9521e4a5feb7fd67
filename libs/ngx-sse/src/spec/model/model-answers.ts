interface Question<T> {
  readonly resolve: (answer: T) => void;
  readonly reject: (error: unknown) => void;
}

/** Something that the client waits for beside the stream, such as a ticket or a snapshot: the model answers it. */
export class ModelAnswers<T> {
  #waiting: Question<T>[] = [];

  get pending(): number {
    return this.#waiting.length;
  }

  ask(): Promise<T> {
    return new Promise<T>((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  resolve(answer: T): void {
    for (const { resolve } of this.#take()) resolve(answer);
  }

  reject(error: unknown): void {
    for (const { reject } of this.#take()) reject(error);
  }

  #take(): Question<T>[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
