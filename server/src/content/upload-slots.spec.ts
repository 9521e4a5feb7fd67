import { describe, expect, it } from '@jest/globals';
import { UploadSlots } from './upload-slots.js';

describe('upload slots', () => {
  it('are two a user and eight in all, and come back once', () => {
    const slots = new UploadSlots();
    const release = slots.take('a');
    slots.take('a');
    expect(() => slots.take('a')).toThrow(expect.objectContaining({ code: 'too_many_uploads' }));
    release();
    release();
    slots.take('a');
    expect(() => slots.take('a')).toThrow('still being read');
    for (const user of ['b', 'b', 'c', 'c', 'd', 'd']) slots.take(user);
    expect(() => slots.take('e')).toThrow('still being read');
  });
});
