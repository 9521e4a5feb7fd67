import { describe, expect, it } from '@jest/globals';
import { MessageLedger } from './message-ledger';

describe('MessageLedger', () => {
  it('takes the message at which it started for one that came already', () => {
    const ledger = new MessageLedger('5');
    expect(ledger.takePaged('5')).toBe(false);
    expect(ledger.takePaged('6')).toBe(true);
    expect(ledger.cursor).toBe('6');
  });

  it('lets messages without an id through, and keeps its place', () => {
    const ledger = new MessageLedger('5');
    expect([ledger.takeStreamed(''), ledger.takePaged('')]).toEqual([true, true]);
    ledger.moveTo('');
    expect(ledger.cursor).toBe('5');
  });

  it('does not move back with a duplicate', () => {
    const ledger = new MessageLedger('');
    for (const id of ['1', '2', '1']) ledger.takeStreamed(id);
    expect(ledger.cursor).toBe('2');
  });

  it('remembers the last 5,000 ids, and not more than 10,000', () => {
    const ledger = new MessageLedger('');
    for (let id = 1; id <= 14_999; id += 1) ledger.takePaged(String(id));
    expect(ledger.takePaged('9999')).toBe(false);
    expect(ledger.takePaged('5001')).toBe(false);
    expect(ledger.takePaged('5000')).toBe(true);
  });

  it('begins each connection without a last id, as EventSource does', () => {
    const ledger = new MessageLedger('');
    ledger.takeStreamed('1');
    ledger.beginConnection();
    expect(ledger.takeStreamed('1')).toBe(false);
  });
});
