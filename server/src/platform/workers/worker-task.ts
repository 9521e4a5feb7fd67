/** What a task says of its progress; structured-clone-safe. */
export type TaskReport = unknown;

/** The default export of a task module: runs in a worker thread on structured-clone-safe input. */
export type WorkerTask<I, O> = (input: I, report: (report: TaskReport) => void) => O | Promise<O>;
