export type {
  DocumentIdentity,
  PlannerInput,
  PlannerReport,
  PlannerSource,
  PlannerStepId,
  ReportProgress,
} from './planner-input.js';
export { planStep } from './plan-step.js';
export { compileDocument } from './compile-document.js';
export { summarize } from './summarize.js';
export { PLANNER_VERSION } from './version.js';
export { generateSampleContent, type SampleContent } from './sample/sample-content.js';
