import { describe, expect, it } from '@jest/globals';
import { SharedLogs } from './shared-logs.js';

describe('shared logs', () => {
  it('are one object for each id while somebody holds it', () => {
    const logs = new SharedLogs((id) => ({ id }));
    const first = logs.get('a');
    expect(logs.get('a')).toBe(first);
    expect(logs.get('b')).toEqual({ id: 'b' });
  });
});
