import { isTerminal, type Message, type ProgressData, type RunEvents } from '@throughline/sse-protocol';

/**
 * What is wrong with a run's log by the rules of the wire protocol; empty where nothing is. The log is whole, from its
 * first message, and may span several attempts and crashes.
 */
export function findLogFaults(messages: readonly Message<RunEvents>[]): string[] {
  return [
    ...idFaults(messages),
    ...orderFaults(messages),
    ...cardFaults(messages),
    ...splitAttempts(messages).flatMap(attemptFaults),
    ...progressFaults(messages),
  ];
}

function idFaults(messages: readonly Message<RunEvents>[]): string[] {
  return messages.flatMap(({ id }, index) => (id === String(index + 1) ? [] : [`message ${index + 1} has id ${id}`]));
}

/** The messages of each attempt: it begins with `status queued`. */
function splitAttempts(messages: readonly Message<RunEvents>[]): Message<RunEvents>[][] {
  const attempts: Message<RunEvents>[][] = [];
  for (const message of messages) {
    if (message.event === 'status' && message.data.status === 'queued') attempts.push([]);
    attempts.at(-1)?.push(message);
  }
  return attempts;
}

function orderFaults(messages: readonly Message<RunEvents>[]): string[] {
  const [first] = messages;
  if (!first) return ['the log is empty'];
  const faults: string[] = [];
  if (first.event !== 'status' || first.data.status !== 'queued')
    faults.push('the log does not begin with status queued');
  messages.forEach((message, index) => {
    const isLast = message.event === 'complete' || (message.event === 'error' && message.data.fatal);
    const before = messages[index - 1];
    if (!isLast || (before?.event === 'status' && isTerminal(before.data.status))) return;
    faults.push(`${message.event} does not follow the status that ends an attempt`);
  });
  return faults;
}

function cardFaults(messages: readonly Message<RunEvents>[]): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  messages.forEach((message, index) => {
    if (message.event !== 'educational') return;
    const { stepId } = message.data;
    if (seen.has(stepId)) faults.push(`the card of ${stepId} is sent twice`);
    seen.add(stepId);
    const before = messages[index - 1];
    const isAtStart = before?.event === 'progress' && before.data.stepId === stepId && isStart(before.data);
    if (!isAtStart) faults.push(`the card of ${stepId} is not at its start`);
  });
  return faults;
}

function attemptFaults(messages: readonly Message<RunEvents>[], index: number): string[] {
  const faults: string[] = [];
  const name = `attempt ${index + 1}`;
  const statuses = messages.flatMap((message) => (message.event === 'status' ? [message.data] : []));
  if (statuses.some(({ attempt }) => attempt !== index + 1)) faults.push(`${name}: a status names another attempt`);
  if (statuses[1] && !['running', 'cancelled'].includes(statuses[1].status)) {
    faults.push(`${name}: status ${statuses[1].status} comes after queued`);
  }
  const ends = statuses.filter(({ status }) => isTerminal(status));
  if (ends.length > 1) faults.push(`${name}: it ends ${ends.length} times`);
  const [end] = ends;
  if (end) faults.push(...endFaults(messages, end.status).map((fault) => `${name}: ${fault}`));
  return [...faults, ...stepFaults(messages).map((fault) => `${name}: ${fault}`)];
}

function endFaults(messages: readonly Message<RunEvents>[], status: string): string[] {
  const last = messages.at(-1);
  if (status === 'cancelled') return last?.event === 'status' ? [] : [`${last?.event} comes after status cancelled`];
  const isEnd = status === 'failed' ? last?.event === 'error' && last.data.fatal : last?.event === 'complete';
  if (!isEnd) return [`status ${status} is not followed by its last message but by ${last?.event}`];
  return [];
}

function stepFaults(messages: readonly Message<RunEvents>[]): string[] {
  const faults: string[] = [];
  let running: string | undefined;
  for (const { event, data } of messages) {
    if (event === 'section' || event === 'delta') {
      if (running === undefined) faults.push(`a ${event} comes while no step runs`);
    }
    if (event !== 'progress') continue;
    if (isStart(data)) {
      const isAgain = running === data.stepId && data.stepStatus === 'restarted';
      if (running !== undefined && !isAgain) faults.push(`${data.stepId} starts while ${running} runs`);
      if ((data.stepStatus === 'restarted') !== (data.discardFrom !== undefined)) {
        faults.push(`${data.stepId} ${data.stepStatus}: discardFrom is wrong`);
      }
      running = data.stepId;
      continue;
    }
    if (running !== data.stepId) faults.push(`${data.stepId} ${data.stepStatus} while ${running ?? 'no step'} runs`);
    if (data.stepStatus === 'skipped' && !data.reason) faults.push(`${data.stepId} is skipped without a reason`);
    if (data.stepStatus !== 'advanced') running = undefined;
  }
  return faults;
}

function progressFaults(messages: readonly Message<RunEvents>[]): string[] {
  const faults: string[] = [];
  let last = 0;
  for (const message of messages) {
    if (message.event !== 'progress') continue;
    const { progress, stepStatus, stepId } = message.data;
    if (!Number.isInteger(progress) || progress < 0 || progress > 100) faults.push(`progress ${progress}`);
    if (progress < last && stepStatus !== 'restarted') faults.push(`progress falls at ${stepId} ${stepStatus}`);
    if (progress === 100 && last === 100) faults.push('progress is 100 twice');
    last = progress;
  }
  return faults;
}

function isStart({ stepStatus }: ProgressData): boolean {
  return stepStatus === 'started' || stepStatus === 'restarted';
}
