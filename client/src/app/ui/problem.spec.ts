import { HttpErrorResponse } from '@angular/common/http';
import { describe, expect, it } from '@jest/globals';
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
});
