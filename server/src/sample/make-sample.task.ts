import { generateSampleContent, type SampleContent } from '@throughline/content-planner';
import type { WorkerTask } from '../platform/workers/index.js';

/** What the worker thread is given. */
export interface SampleTaskInput {
  seed: number;
  /** YYYY-MM-DD: the day of the newest page. */
  lastDay: string;
}

/** Makes the sample up in a worker thread. */
const makeSample: WorkerTask<SampleTaskInput, SampleContent> = ({ seed, lastDay }) =>
  generateSampleContent(seed, lastDay);

export default makeSample;
