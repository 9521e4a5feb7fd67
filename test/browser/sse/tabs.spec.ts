import { describe, expect, it } from '@jest/globals';
import type { PageFeatures } from '../../support/sse-page/page-api.js';
import type { SsePage } from '../../support/sse-page/sse-page.js';
import { freeze } from './freeze.js';
import { idsUpTo, QUICK, seenIds, seenStates, TRANSPORTS, useStage } from './stage.js';

const onStage = useStage();

describe.each(TRANSPORTS)('tabs that share a stream by %s', (_, transport) => {
  const features: PageFeatures = { ...QUICK, ...transport, tabs: { leaderTimeoutMs: 500 } };

  /** Opens tabs of one person, of which the first leads. Each has read the three messages that there are. */
  async function openTabs(count: number): Promise<SsePage[]> {
    const { server, network, page } = onStage();
    await server.addLog('log').grow(3);
    const tabs = [page];
    while (tabs.length < count) tabs.push(await page.openTab());
    for (const tab of tabs) {
      await tab.connect('live', '/logs/log/events', { features });
      await tab.waitForCount('live', 3);
      await tab.waitForState('live', 'open');
    }
    expect(network.streams).toHaveLength(1);
    return tabs;
  }

  /** Each of them has each message once, and there is one connection. */
  async function expectAllOf(tabs: readonly SsePage[], count: number): Promise<void> {
    for (const tab of tabs) {
      await tab.waitForCount('live', count);
      await tab.waitForState('live', 'open');
      expect(seenIds(await tab.report('live'))).toEqual(idsUpTo(count));
      expect(tab.complaints).toEqual([]);
    }
    const { network } = onStage();
    await network.when(() => network.openStreams === 1);
  }

  it('each get every message by one connection', async () => {
    const tabs = await openTabs(3);
    await onStage().server.log('log').grow(2);

    await expectAllOf(tabs, 5);
    expect(onStage().network.streams).toHaveLength(1);
    for (const tab of tabs) expect(seenStates(await tab.report('live'))).toEqual(['connecting', 'open']);
  });

  it('go on when the leading one is closed', async () => {
    const [leader, ...others] = await openTabs(3);
    await leader?.page.close();
    await onStage().server.log('log').grow(2);

    await expectAllOf(others, 5);
    expect(onStage().network.streams).toHaveLength(2);
  });

  it('go on when the leading one crashes', async () => {
    const [leader, ...others] = await openTabs(3);
    if (!leader) throw new Error('Tabs were opened.');
    const crashed = new Promise((resolve) => leader.page.once('crash', resolve));
    const devtools = await leader.page.context().newCDPSession(leader.page);
    // It is answered by nobody: who would has just crashed.
    void devtools.send('Page.crash').catch(() => undefined);
    await crashed;
    await onStage().server.log('log').grow(2);

    await expectAllOf(others, 5);
    expect(onStage().network.streams).toHaveLength(2);
  });

  it('go on when the leading one is frozen, which gets everything when it thaws', async () => {
    const tabs = await openTabs(3);
    const [leader, ...others] = tabs;
    if (!leader) throw new Error('Tabs were opened.');
    const thaw = await freeze(leader.page);
    await onStage().server.log('log').grow(2);
    for (const tab of others) {
      await tab.waitForCount('live', 5);
      expect(seenIds(await tab.report('live'))).toEqual(idsUpTo(5));
    }
    await thaw();
    await onStage().server.log('log').grow(1);

    await expectAllOf(tabs, 6);
  });

  it('go on together over a cut', async () => {
    const tabs = await openTabs(2);
    const { network, server } = onStage();
    network.cut();
    for (const tab of tabs) await tab.waitForState('live', 'reconnecting');
    await server.log('log').grow(2);
    network.mend();

    await expectAllOf(tabs, 5);
    for (const tab of tabs) {
      expect(seenStates(await tab.report('live'))).toEqual([
        'connecting',
        'open',
        'reconnecting: connection_lost',
        'open',
      ]);
    }
  });

  it('all hear of it when the server ends the session', async () => {
    const tabs = await openTabs(3);
    onStage().server.signOut();

    for (const tab of tabs) expect(await tab.waitForEnd('live')).toBe('unauthorized');
    expect(onStage().network.openStreams).toBe(0);
  });

  it('all hear of it when the person signs out in one of them', async () => {
    const [first, second, third] = await openTabs(3);
    onStage().server.refuse();
    await second?.closeAll();

    expect(await second?.waitForEnd('live')).toBe('completed');
    expect(await first?.waitForEnd('live')).toBe('unauthorized');
    expect(await third?.waitForEnd('live')).toBe('unauthorized');
    const { network } = onStage();
    await network.when(() => network.openStreams === 0);
  });
});
