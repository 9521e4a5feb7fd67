import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../support/api-client.js';
import { importForm } from '../support/briefs.js';
import { ADMIN, ServerProcess } from '../support/server-process.js';

const WRONG_PASSWORD = 'a wrong password';

let server: ServerProcess;
/** Ids of the requests that were mistakes, as their answers named them. */
const mistakes: (string | null)[] = [];
const secrets: string[] = [ADMIN.password, WRONG_PASSWORD];

beforeAll(async () => {
  server = await ServerProcess.start({ THROUGHLINE_LOG_LEVEL: 'debug' });
  const client = await ApiClient.signIn(server.url);
  const takeTicket = async () => {
    const { body } = await client.post<{ ticket: string }>('/stream-tickets');
    secrets.push(body.ticket);
    return body.ticket;
  };
  const token = client.cookie.split('=')[1]!;
  secrets.push(token, decodeURIComponent(token));
  const answers = [
    await client.post('/strategies', '{"name":'),
    await client.post('/strategies', { name: 'x', brief: { business: { industry: '\ud800' } } }),
    await client.post('/strategies', { name: 'x'.repeat(2 ** 20) }),
    await client.get('/strategies/nope'),
    await client.get('/runs/nope/events', { accept: 'text/event-stream' }),
    await client.get(`/events?ticket=${await takeTicket()}&limit=0`, { accept: 'application/json' }),
    await client.post('/content-sources', importForm('no table', 'x.csv', { kind: 'own', name: 'x' })),
    await client.send('PATCH', '/strategies/nope', 'x', { 'content-type': 'text/plain' }),
    await client.post('/session', { email: ADMIN.email, password: WRONG_PASSWORD }),
  ];
  mistakes.push(...answers.map(({ headers }) => headers.get('x-request-id')));
  const stream = await fetch(`${server.url}/api/v1/events?%74icket=${await takeTicket()}`);
  await stream.body?.cancel();
  // What it has to say is all printed once it has stopped.
  await server.stop();
}, 90_000);

afterAll(() => server?.dispose());

/** The log's lines; what is no line of JSON is for the operator's terminal. */
function lines(): { level: number; req?: { id: string } }[] {
  return server.output
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as { level: number }] : []));
}

describe('the log', () => {
  it('has for each mistake of a client one line with the request’s id, at info and without a stack', () => {
    const levels = mistakes.map((id) => lines().flatMap(({ level, req }) => (req?.id === id ? [level] : [])));
    expect(levels).toEqual(mistakes.map(() => [30]));
    expect(lines().filter(({ level }) => level >= 40)).toEqual([]);
    expect(server.output).not.toMatch(/"stack"|\\n {4}at |node_modules/);
  });

  it('has no password, cookie or ticket in it', () => {
    expect(secrets).toHaveLength(6);
    for (const secret of secrets) expect(server.output).not.toContain(secret);
  });
});
