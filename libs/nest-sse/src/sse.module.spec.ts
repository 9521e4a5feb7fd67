import { describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { SseConnections } from './connections/sse-connections.js';
import { SseModule } from './sse.module.js';

describe('SseModule.forRoot', () => {
  it('needs no options', async () => {
    const module = await Test.createTestingModule({ imports: [SseModule.forRoot()] }).compile();
    expect(module.get(SseConnections).list()).toEqual([]);
    await module.close();
  });

  it('says what is wrong with an option', async () => {
    const module = Test.createTestingModule({ imports: [SseModule.forRoot({ connectionsPerUser: 0 })] });
    await expect(module.compile()).rejects.toThrow('connectionsPerUser is a whole number from 1, not 0');
  });
});
