import { HttpErrorResponse } from '@angular/common/http';
import { describe, expect, it } from '@jest/globals';
import { SseError } from '@throughline/ngx-sse';
import { toProblem } from './problem';

describe('toProblem', () => {
  it('keeps the words of the server', () => {
    const problem = { type: 't', title: 'x', status: 409, code: 'run_active', detail: 'One is under way.', runId: 'r' };
    expect(toProblem(new HttpErrorResponse({ status: 409, error: problem }))).toEqual(problem);
  });

  it('says that the server cannot be reached', () => {
    expect(toProblem(new HttpErrorResponse({ status: 0 })).code).toBe('unreachable');
  });

  it('names the status of an answer that is not a problem', () => {
    const problem = toProblem(new HttpErrorResponse({ status: 502, error: '<html>' }));
    expect(problem).toMatchObject({ status: 502, code: 'http_502' });
    expect(problem.detail).toContain('502');
  });

  it('says why a stream has stopped in words of its own, as errors of production have none', () => {
    const problem = toProblem(new SseError('forbidden', 'SSE forbidden 403', { status: 403 }));
    expect(problem).toMatchObject({ status: 403, code: 'forbidden', detail: 'You may not see this any more.' });
  });
});
