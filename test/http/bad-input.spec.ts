import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeTestDatabases } from '@throughline/nest-runs/testing';
import type { Problem, Strategy } from '@throughline/strategy-contract';
import request from 'supertest';
import type { ApiClient } from '../support/api-client.js';
import { importForm, requiredBrief } from '../support/briefs.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
let client: ApiClient;

beforeAll(async () => {
  server = await startTestApp('pglite');
  client = await server.addMember('careless@example.org');
}, 60_000);

afterAll(async () => {
  await server?.close();
  await closeTestDatabases();
});

function expectProblem(
  answer: { status: number; headers: Headers; body: Problem },
  status: number,
  code: string,
): void {
  expect(answer).toMatchObject({ status, body: { status, code } });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(Object.keys(answer.body)).toEqual(expect.arrayContaining(['type', 'title', 'detail']));
  expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:|\.js:|at \w+ \(/);
}

describe('bad input', () => {
  it('is told of malformed JSON', async () => {
    expectProblem(await client.post('/strategies', '{"name":'), 400, 'malformed_json');
  });

  it('is told of a body that is too large', async () => {
    expectProblem(await client.post('/strategies', { name: 'x'.repeat(2 ** 20) }), 413, 'too_large');
  });

  it('is told of unknown fields by their path, at every depth', async () => {
    const answer = await client.post('/strategies', { name: 'A', brief: {}, budget: 1 });
    expectProblem(answer, 400, 'validation_failed');
    expect(answer.body.errors).toEqual([expect.objectContaining({ path: 'budget', code: 'unknown_field' })]);
    const inner = await client.post('/strategies', { name: 'A', brief: { business: { budgett: 1 } } });
    expectProblem(inner, 400, 'validation_failed');
    expect(inner.body.errors).toEqual([
      expect.objectContaining({ path: 'brief.business.budgett', code: 'unknown_field' }),
    ]);
  });

  it.each([
    ['business.objectives', { business: { objectives: 'grow' } }],
    ['business.objectives', { business: { objectives: Array.from({ length: 11 }, () => 'x') } }],
    ['business.targetMetrics.0.unit', { business: { targetMetrics: [{ name: 'a', unit: 'apples' }] } }],
    ['business.horizonWeeks', { business: { horizonWeeks: 3 } }],
    ['business.startDate', { business: { startDate: '2026-02-30' } }],
    ['business.country', { business: { country: 'Germany' } }],
    ['content.mix', { content: { mix: { article: 60 } } }],
    ['content.timing.weekdays.0', { content: { timing: { weekdays: [8] } } }],
    ['content.languages.0', { content: { languages: ['not a tag'] } }],
    ['analytics.conversionRates.trial', { analytics: { conversionRates: { trial: 7 } } }],
    ['audience.painPoints.0', { audience: { painPoints: ['a\u0000b'] } }],
  ])('is told what is wrong with brief.%s', async (path, brief) => {
    const answer = await client.post('/strategies', { name: 'A', brief });
    expectProblem(answer, 400, 'validation_failed');
    expect(answer.body.errors?.map((error) => error.path)).toContain(`brief.${path}`);
  });

  it('keeps text with line breaks, which then reaches no frame as a line', async () => {
    const brief = requiredBrief();
    brief.audience.painPoints = ['first\r\ndata: {"event":"complete"}\n\nevent: complete\u2028id: 99'];
    const { body: strategy } = await client.post<Strategy>('/strategies', { name: 'Lines', brief });
    const run = await client.startRun(strategy.id);
    const stream = await client.stream(`/runs/${run.id}/events`);
    await stream.closed;
    const ids = stream.frames.flatMap(({ event, id }) => (event.startsWith('stream.') ? [] : [Number(id)]));
    expect(ids).toEqual(ids.map((_, index) => index + 1));
    expect(stream.frames.filter(({ event }) => event === 'complete')).toHaveLength(1);
  });

  it('changes nothing by a patch that is refused', async () => {
    const { body: strategy } = await client.post<Strategy>('/strategies', { name: 'Kept', brief: requiredBrief() });
    const bad = { name: 'Lost', brief: { business: { horizonWeeks: -1 } } };
    expectProblem(await client.send('PATCH', `/strategies/${strategy.id}`, bad), 400, 'validation_failed');
    expectProblem(await client.send('PATCH', `/strategies/${strategy.id}`, { name: null }), 400, 'validation_failed');
    const { body: after } = await client.get<Strategy>(`/strategies/${strategy.id}`);
    expect(after).toEqual(strategy);
  });

  it('patches as RFC 7396 says: objects merge, null removes, arrays replace', async () => {
    const { body: strategy } = await client.post<Strategy>('/strategies', { name: 'Merge', brief: requiredBrief() });
    const patch = { brief: { business: { objectives: ['One'], industry: 'Software' }, content: { voice: null } } };
    const { status, body } = await client.send<Strategy>('PATCH', `/strategies/${strategy.id}`, patch);
    expect(status).toBe(200);
    expect(body.brief.business).toEqual({ ...requiredBrief().business, objectives: ['One'], industry: 'Software' });
    expect(body.brief.content).not.toHaveProperty('voice');
  });

  it.each(['/strategies/nope', '/runs/nope', '/content-sources/nope', '/strategies/%00', '/runs/%2e%2e%2f'])(
    'finds nothing at %s',
    async (path) => {
      expectProblem(await client.get(path), 404, 'not_found');
    },
  );

  it('answers an unknown path with a problem', async () => {
    expectProblem(await client.get('/nowhere'), 404, 'not_found');
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'cursor=!!', 'unknown=1'])('refuses the list query %s', async (query) => {
    const answer = await client.get(`/strategies?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toHaveLength(1);
  });

  it.each([
    ['an image', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])],
    ['an empty file', ''],
    ['a table without addresses', 'a,b\n1,2'],
    ['broken XML', '<?xml version="1.0"?><rss><channel><item>'],
  ])('refuses %s with what is wrong', async (_what, content) => {
    const form = importForm(content, 'content.csv', { kind: 'own', name: 'Bad' });
    const answer = await client.post('/content-sources', form);
    expect(answer.status).toBe(422);
    expect(answer.body.detail.length).toBeGreaterThan(15);
    const { body } = await client.get<{ items: unknown[] }>('/content-sources');
    expect(body.items).toEqual([]);
  });

  it.each([
    ['POST', '/session', '{"email":[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]}', 'body_too_complex'],
    ['POST', '/strategies', '{"name":"x","brief":{"business":{"industry":"\\ud800"}}}', 'invalid_text'],
    ['POST', '/strategies', '{"name":"x","brief":{"analytics":{"targets":{"a\\u0000b":1}}}}', 'invalid_text'],
    ['POST', '/strategies', '{"name":"x","__proto__":{}}', 'unknown_field'],
    ['POST', '/stream-tickets', '{"x":1}', 'validation_failed'],
    ['POST', '/sample', '{"x":1}', 'validation_failed'],
    ['GET', '/session?x=1', undefined, 'validation_failed'],
    ['GET', '/events?after[]=1', undefined, 'validation_failed'],
  ])('refuses %s %s %s', async (method, path, body, code) => {
    expectProblem(await client.send(method, path, body), 400, code);
  });

  it('names at most a hundred faults', async () => {
    const objectives = Array.from({ length: 500 }, () => 1);
    const answer = await client.post('/strategies', { name: 'x', brief: { business: { objectives } } });
    expectProblem(answer, 400, 'validation_failed');
    expect(answer.body.errors).toHaveLength(100);
  });

  it('reads a merge patch by its own media type, and refuses types that it does not read', async () => {
    const { body: strategy } = await client.post<Strategy>('/strategies', { name: 'Types' });
    const path = `/strategies/${strategy.id}`;
    const patched = await client.send<Strategy>(
      'PATCH',
      path,
      { name: 'Patched' },
      { 'content-type': 'application/merge-patch+json' },
    );
    expect(patched).toMatchObject({ status: 200, body: { name: 'Patched' } });
    const refused = await client.send('PATCH', path, 'name=Lost', { 'content-type': 'text/plain' });
    expectProblem(refused, 415, 'unsupported_media_type');
    expect((await client.get<Strategy>(path)).body.name).toBe('Patched');
  });

  it.each([
    ['/strategies', ['+275760-09-13T00:00:00.000Z', 'y']],
    ['/content-sources', ['99999-01-01', 'y']],
    ['/strategies', ['2026-01-01T00:00:00.000Z', '\u0000']],
  ])('refuses the cursor of %s that was made by hand: %j', async (path, key) => {
    const cursor = Buffer.from(JSON.stringify(key)).toString('base64url');
    expectProblem(await client.get(`${path}?cursor=${cursor}`), 400, 'invalid_cursor');
  });

  it('asks the unknown to sign in, on everything but what is open', async () => {
    const http = request(server.app.getHttpServer());
    for (const path of ['/strategies', '/content-sources', '/runs/x', '/runs/x/events', '/events', '/users']) {
      const response = await http.get(`/api/v1${path}`);
      expect([path, response.status, response.body.code]).toEqual([path, 401, 'not_signed_in']);
    }
    await http.get('/health/live').expect(200);
    await http.get('/health/ready').expect(200);
    await http
      .get('/metrics')
      .expect(200)
      .expect('content-type', /text\/plain/);
  });

  it('documents the API', async () => {
    const { body } = await request(server.app.getHttpServer()).get('/api/openapi.json').expect(200);
    const { brief } = body.components.schemas.CreateStrategyRequest.properties;
    expect(brief.properties.business.properties.objectives).toMatchObject({ type: 'array', maxItems: 10 });
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining(['/api/v1/strategies', '/api/v1/runs/{id}', '/api/v1/runs/{id}/events']),
    );
  });
});
