import { describe, expect, it } from '@jest/globals';
import { ConfigFault, readConfig } from './app-config.js';

function faultOf(env: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigFault) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      dataDir: './data',
      transport: 'auto',
      runTimeoutMs: 300_000,
      connectionsPerUser: 6,
      requestsPerMinute: 600,
      allowedOrigins: [],
    });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: '' })).toEqual(readConfig({}));
  });

  it('says each fault in one line that names the variable', () => {
    const faults = faultOf({ PORT: 'http', THROUGHLINE_RUN_TIMEOUT_MS: '10', THROUGHLINE_TRANSPORT: 'websocket' });
    expect(faults.toSorted()).toEqual([
      'PORT must be a whole number from 0 to 65535.',
      'THROUGHLINE_RUN_TIMEOUT_MS must be at least 1000.',
      'THROUGHLINE_TRANSPORT must be auto, sse or polling.',
    ]);
  });

  it('asks for address and password of the first account together', () => {
    expect(faultOf({ THROUGHLINE_ADMIN_EMAIL: 'a@example.org' })[0]).toMatch(/^THROUGHLINE_ADMIN_EMAIL must be set/);
    expect(faultOf({ THROUGHLINE_ADMIN_PASSWORD: 'long enough' })[0]).toMatch(/together/);
  });

  it('reads origins as a list and refuses what is none', () => {
    const origins = 'https://a.example, https://b.example:8443';
    expect(readConfig({ THROUGHLINE_ALLOWED_ORIGINS: origins }).allowedOrigins).toEqual([
      'https://a.example',
      'https://b.example:8443',
    ]);
    expect(faultOf({ THROUGHLINE_ALLOWED_ORIGINS: 'https://a.example/path' })).toHaveLength(1);
  });
});
