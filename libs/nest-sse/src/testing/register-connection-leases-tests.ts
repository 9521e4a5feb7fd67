import { deepEqual, equal, ok } from 'node:assert/strict';
import type {
  ConnectionLeases,
  HeldLease,
  LeaseOutcome,
  LeaseRequest,
  LimitBreach,
} from '../cluster/connection-leases.js';
import { registerSuite, type ContractSuiteOptions, type Scenarios } from './contract-suite.js';

/**
 * Leases under test, fresh, as two processes see them. A test whose {@link ConnectionLeasesHook} is missing fails, unless
 * it is said to be left out.
 */
export interface ConnectionLeasesSubject {
  nodes: readonly [ConnectionLeases, ConnectionLeases];
  /** Lets so much time pass that the first process counts as dead. */
  silenceFirst?(): Promise<void> | void;
  /** Loses all that is shared. */
  forget?(): Promise<void> | void;
  /** Releases what the leases hold. */
  close?(): Promise<void> | void;
}

/** What some tests cannot be done without: members of the subject, and `changes` of its leases. */
export type ConnectionLeasesHook = 'silenceFirst' | 'forget' | 'changes';

type LeaseScenarios = Scenarios<ConnectionLeasesSubject, ConnectionLeasesHook>;

const UNBOUNDED = Number.MAX_SAFE_INTEGER;
const GRANTED: LeaseOutcome = { isGranted: true, evicted: [] };

/**
 * Registers the contract suite of {@link ConnectionLeases}: what every implementation must do so that limits hold in all
 * processes, exactly, and come free again.
 *
 * @param name what is tested, for the suite's title
 * @param factory makes fresh leases of two processes; called once for each test
 * @param options the runner's `describe` and `it`, where they are no globals, and which tests are left out
 */
export function registerConnectionLeasesTests(
  name: string,
  factory: () => Promise<ConnectionLeasesSubject> | ConnectionLeasesSubject,
  options: ContractSuiteOptions<ConnectionLeasesHook> = {},
): void {
  const title = `${name} keeps the contract of connection leases`;
  const scenarios: LeaseScenarios = { ...counting, ...racing, ...replacing, ...surviving };
  registerSuite({ caller: 'registerConnectionLeasesTests', title, scenarios, factory }, options);
}

function request(
  id: string,
  limits: Partial<Record<LimitBreach, number>>,
  more: Partial<LeaseRequest> = {},
): LeaseRequest {
  return {
    id,
    user: 'ann',
    address: '192.0.2.1',
    limits: { user: UNBOUNDED, address: UNBOUNDED, total: UNBOUNDED, ...limits },
    onLimit: 'reject',
    ...more,
  };
}

function guest(id: string, limits: Partial<Record<LimitBreach, number>>, address = '192.0.2.1'): LeaseRequest {
  const { user: _, ...rest } = request(id, limits, { address });
  return rest;
}

function held(id: string, ageMs: number, user = 'ann'): HeldLease {
  return { id, user, address: '192.0.2.1', ageMs };
}

function grantedOf(outcomes: readonly LeaseOutcome[]): number {
  return outcomes.filter(({ isGranted }) => isGranted).length;
}

const refused = (breach: LimitBreach): LeaseOutcome => ({ isGranted: false, breach });

const counting: LeaseScenarios = {
  'counts a user in all processes': async ({ nodes: [one, two] }) => {
    deepEqual(await one.acquire(request('1', { user: 2 })), GRANTED);
    deepEqual(await two.acquire(request('2', { user: 2 })), GRANTED);
    deepEqual(await one.acquire(request('3', { user: 2 })), refused('user'));
    deepEqual(await two.acquire(request('4', { user: 2 })), refused('user'));
    deepEqual(await two.acquire(request('5', { user: 2 }, { user: 'bob' })), GRANTED);
  },
  'counts an address, whoever is signed in': async ({ nodes: [one, two] }) => {
    deepEqual(await one.acquire(guest('1', { address: 2, user: 1 })), GRANTED);
    deepEqual(await two.acquire(request('2', { address: 2, user: 1 })), GRANTED);
    deepEqual(await one.acquire(guest('3', { address: 2, user: 1 })), refused('address'));
    deepEqual(await two.acquire(request('4', { address: 2 }, { user: 'bob' })), refused('address'));
    deepEqual(await two.acquire(guest('5', { address: 2, user: 1 }, '192.0.2.2')), GRANTED);
  },
  'counts all': async ({ nodes: [one, two] }) => {
    deepEqual(await one.acquire(guest('1', { total: 2 }, 'a')), GRANTED);
    deepEqual(await two.acquire(request('2', { total: 2 }, { address: 'b' })), GRANTED);
    deepEqual(await one.acquire(guest('3', { total: 2 }, 'c')), refused('total'));
    await two.release(['2']);
    deepEqual(await one.acquire(guest('4', { total: 2 }, 'c')), GRANTED);
  },
  'names the widest bound that is in the way': async ({ nodes: [one, two] }) => {
    await one.acquire(request('1', {}));
    deepEqual(await two.acquire(request('2', { user: 1, address: 1, total: 1 })), refused('total'));
    deepEqual(await two.acquire(request('3', { user: 1, address: 1, total: 2 })), refused('address'));
    deepEqual(await two.acquire(request('4', { user: 1, address: 2, total: 2 })), refused('user'));
  },
  'gives a slot that came free to whoever asks next, wherever': async ({ nodes: [one, two] }) => {
    await one.acquire(request('1', { user: 1 }));
    await one.release(['1', 'never there']);
    deepEqual(await two.acquire(request('2', { user: 1 })), GRANTED);
    await one.release(['1']);
    deepEqual(await one.acquire(request('3', { user: 1 })), refused('user'));
  },
  'keeps apart names that look alike': async ({ nodes: [one] }) => {
    for (const [index, user] of ['a', 'A', 'a ', "a'", 'ä', ''].entries()) {
      deepEqual(await one.acquire(request(`${index}`, { user: 1 }, { user })), GRANTED);
      deepEqual(await one.acquire(request(`${index}-2`, { user: 1 }, { user })), refused('user'));
    }
  },
};

const racing: LeaseScenarios = {
  'lets in exactly as many as the limit when many ask at once': async ({ nodes }) => {
    for (const limits of [{ user: 7 }, { address: 7 }, { total: 7 }]) {
      const ids = Array.from({ length: 40 }, (_, index) => `${JSON.stringify(limits)}-${index}`);
      const outcomes = await Promise.all(
        ids.map(async (id, index) => (index % 2 === 0 ? nodes[0] : nodes[1]).acquire(request(id, limits))),
      );
      equal(grantedOf(outcomes), 7);
      await Promise.all(nodes.map((node) => node.release(ids)));
    }
  },
  'gives the last slot to one of two that race for it, each time': async ({ nodes: [one, two] }) => {
    for (let round = 0; round < 50; round += 1) {
      const user = `user-${round}`;
      const outcomes = await Promise.all([
        one.acquire(request(`${round}-1`, { user: 1 }, { user, address: user })),
        two.acquire(request(`${round}-2`, { user: 1 }, { user, address: user })),
      ]);
      equal(grantedOf(outcomes), 1);
    }
  },
  'keeps the count right while slots are taken and given back': async ({ nodes }) => {
    const cycle = async (node: ConnectionLeases, id: string): Promise<void> => {
      for (let round = 0; round < 10; round += 1) {
        await node.acquire(request(`${id}-${round}`, { total: 3 }, { address: id }));
        await node.release([`${id}-${round}`]);
      }
    };
    await Promise.all(nodes.flatMap((node, index) => ['a', 'b', 'c'].map((id) => cycle(node, `${id}${index}`))));
    const outcomes = [];
    for (let n = 0; n < 5; n += 1) outcomes.push(await nodes[0].acquire(request(`last-${n}`, { total: 3 })));
    equal(grantedOf(outcomes), 3);
  },
};

const replacing: LeaseScenarios = {
  "takes the slot of the user's oldest, and tells its process once": async ({ nodes: [one, two] }) => {
    const replace = (id: string, user = 'ann') => request(id, { user: 2 }, { onLimit: 'close-oldest', user });
    await one.acquire(replace('1'));
    await one.acquire(replace('bob', 'bob'));
    await two.acquire(replace('2'));
    deepEqual(await two.acquire(replace('3')), { isGranted: true, evicted: ['1'] });
    deepEqual(await two.renew(), { lost: [], isKnown: true });
    deepEqual(await one.renew(), { lost: ['1'], isKnown: true });
    deepEqual(await one.renew(), { lost: [], isKnown: true });
    deepEqual(await two.acquire(replace('4')), { isGranted: true, evicted: ['2'] });
    deepEqual((await two.renew()).lost, []);
    deepEqual(await one.acquire(request('5', { user: 2 })), refused('user'));
  },
  'refuses all the same at the other limits': async ({ nodes: [one, two] }) => {
    await one.acquire(request('1', {}));
    const replace = (limits: Partial<Record<LimitBreach, number>>) =>
      two.acquire(request('2', { user: 1, ...limits }, { onLimit: 'close-oldest' }));
    deepEqual(await replace({ address: 1 }), refused('address'));
    deepEqual(await replace({ total: 1 }), refused('total'));
    deepEqual((await one.renew()).lost, []);
  },
  'leaves a user with no more than the limit when many replace at once': async ({ nodes: [one, two] }) => {
    const requests = Array.from({ length: 20 }, (_, index) =>
      request(`${index}`, { user: 3 }, { onLimit: 'close-oldest' }),
    );
    const outcomes = await Promise.all(
      requests.map(async (each, index) => (index % 2 === 0 ? one : two).acquire(each)),
    );
    const evicted = outcomes.flatMap((outcome) => (outcome.isGranted ? outcome.evicted : []));
    equal(grantedOf(outcomes), 20);
    equal(evicted.length, 17);
    equal(new Set(evicted).size, 17);
  },
  'hints that something is lost': {
    needs: 'changes',
    isAble: ({ nodes: [one] }) => one.changes !== undefined,
    run: async ({ nodes: [one, two] }) => {
      const hinted = new Promise<void>((resolve, reject) => {
        const subscription = one.changes?.subscribe({
          next: () => {
            resolve();
            queueMicrotask(() => subscription?.unsubscribe());
          },
          error: reject,
        });
      });
      // A hint may be lost while the implementation begins to listen: then the next one comes.
      for (let n = 0, isOver = false; !isOver; n += 1) {
        await one.acquire(request(`old-${n}`, {}, { user: `u${n}` }));
        await two.acquire(request(`new-${n}`, { user: 1 }, { user: `u${n}`, onLimit: 'close-oldest' }));
        const pause = new Promise<false>((resolve) => setTimeout(() => resolve(false), 20));
        isOver = await Promise.race([hinted.then(() => true as const), pause]);
        ok(n < 200, 'there was no hint');
      }
    },
  },
};

const surviving: LeaseScenarios = {
  'frees the slots of a process that is silent, and knows it again when it is not': {
    needs: 'silenceFirst',
    run: async (subject) => {
      const [one, two] = subject.nodes;
      await one.acquire(request('1', { user: 1 }));
      await two.renew();
      deepEqual(await two.acquire(request('2', { user: 1 })), refused('user'));
      await subject.silenceFirst?.();
      deepEqual(await two.acquire(request('3', { user: 1 })), GRANTED);
      const { isKnown, lost } = await one.renew();
      deepEqual(lost, []);
      if (!isKnown) await one.restore([held('1', 1000)]);
      await two.release(['3']);
      deepEqual(await two.acquire(request('4', { user: 1 })), refused('user'));
    },
  },
  'restores what is held whatever the limits, and evicts the excess at the next chance': async ({
    nodes: [one, two],
  }) => {
    await one.restore([held('1', 3000), held('2', 1000)]);
    await two.restore([held('3', 2000)]);
    deepEqual(await two.acquire(request('4', { user: 2 })), refused('user'));
    const outcome = await two.acquire(request('5', { user: 2 }, { onLimit: 'close-oldest' }));
    deepEqual(outcome, { isGranted: true, evicted: ['1', '3'] });
    deepEqual((await one.renew()).lost, ['1']);
  },
  'drops what is stored and not held, unless it is new': async ({ nodes: [one, two] }) => {
    const oldMs = one.ttlMs + 60_000;
    await one.restore([held('1', oldMs, 'old'), held('2', oldMs, 'kept')]);
    await one.acquire(request('3', {}, { user: 'new' }));
    await one.restore([held('2', oldMs, 'kept')]);
    deepEqual(await two.acquire(request('4', { user: 1, total: 3 }, { user: 'old' })), GRANTED);
    deepEqual(await two.acquire(request('5', { user: 1 }, { user: 'kept' })), refused('user'));
    deepEqual(await two.acquire(request('6', { user: 1 }, { user: 'new' })), refused('user'));
  },
  'restores many, and each once': async ({ nodes: [one, two] }) => {
    const many = Array.from({ length: 2500 }, (_, index) => held(`${index}`, 0, `user-${index}`));
    await one.restore(many);
    await one.restore(many);
    deepEqual(await two.acquire(request('a', { total: 2501 }, { address: 'b' })), GRANTED);
    deepEqual(await two.acquire(request('b', { total: 2501 }, { address: 'b' })), refused('total'));
    deepEqual(await two.acquire(request('c', { user: 1 }, { user: 'user-2499' })), refused('user'));
  },
  'says so where all was lost, though it has gone on since': {
    needs: 'forget',
    run: async (subject) => {
      const [one, two] = subject.nodes;
      await one.acquire(request('1', {}));
      await subject.forget?.();
      await one.acquire(request('2', {}, { user: 'bob' }));
      equal((await one.renew()).isKnown, false);
      await one.restore([held('1', 1000), held('2', 0, 'bob')]);
      equal((await one.renew()).isKnown, true);
      deepEqual(await two.acquire(request('3', { user: 1 })), refused('user'));
    },
  },
};
