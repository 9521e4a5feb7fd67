import { expect, it, jest } from '@jest/globals';

it('is off in production: errors say their code and status, and options are taken as they are', async () => {
  jest.unstable_mockModule('./dev-mode', () => ({ isDev: false }));
  const { SseError, withReconnect } = await import('./index');
  expect(new SseError('refused', false, { status: 503 }).message).toBe('SSE refused 503');
  expect(new SseError('silent').message).toBe('SSE silent');
  expect(() => withReconnect({ jitter: 7 })).not.toThrow();
});
