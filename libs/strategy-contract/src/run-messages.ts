import { RUN_STATUSES, STEP_CHANGES, type RunEvents } from '@throughline/sse-protocol';
import * as v from 'valibot';

const base = { runId: v.string(), timestamp: v.string() };
const figure = v.looseObject({
  value: v.union([v.number(), v.tuple([v.number(), v.number()])]),
  unit: v.string(),
  basis: v.picklist(['observed', 'computed', 'benchmark', 'assumption']),
});
const input = v.union([
  v.looseObject({ field: v.string() }),
  v.looseObject({ sourceId: v.string(), rows: v.number(), what: v.string() }),
]);
const section = v.looseObject({
  state: v.picklist(['ready', 'partial', 'unavailable']),
  inputsUsed: v.array(input),
  findings: v.array(
    v.looseObject({
      id: v.string(),
      kind: v.string(),
      title: v.string(),
      why: v.string(),
      method: v.string(),
      inputsUsed: v.array(input),
      confidence: v.picklist(['high', 'medium', 'low']),
      assumptions: v.array(v.string()),
      figures: v.record(v.string(), figure),
    }),
  ),
});
const error = v.looseObject({
  code: v.string(),
  message: v.string(),
  retryable: v.boolean(),
  stepId: v.optional(v.string()),
});

/** Shapes of a run's messages, by event name; unknown fields pass, as the protocol asks of clients. */
export const runMessageSchemas = {
  status: v.looseObject({ ...base, status: v.picklist(RUN_STATUSES), attempt: v.number() }),
  progress: v.looseObject({
    ...base,
    step: v.number(),
    steps: v.number(),
    stepId: v.string(),
    stepStatus: v.picklist(STEP_CHANGES),
    progress: v.pipe(v.number(), v.minValue(0), v.maxValue(100)),
    message: v.string(),
  }),
  educational: v.looseObject({
    ...base,
    stepId: v.string(),
    educationalContent: v.looseObject({
      title: v.string(),
      summary: v.string(),
      details: v.array(v.string()),
      tip: v.string(),
      sources: v.array(v.looseObject({ title: v.string(), year: v.number() })),
    }),
  }),
  section: v.looseObject({ ...base, section: v.string(), content: section }),
  delta: v.looseObject({ ...base, section: v.string(), path: v.string(), text: v.string() }),
  complete: v.looseObject({
    ...base,
    strategyId: v.string(),
    version: v.number(),
    status: v.picklist(['succeeded', 'succeeded_with_gaps']),
    summary: v.string(),
    durationMs: v.number(),
  }),
  error: v.looseObject({ ...base, error, fatal: v.boolean() }),
} satisfies Record<keyof RunEvents, v.GenericSchema>;

/** Whether data is of the shape that its event name promises. Events that are not a run's pass. */
export function isRunMessageData(event: string, data: unknown): boolean {
  const schema = (runMessageSchemas as Record<string, v.GenericSchema | undefined>)[event];
  return schema === undefined || v.is(schema, data);
}
