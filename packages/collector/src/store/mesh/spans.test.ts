import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertRecords, openTestStore, type TestStore } from '../testing/store.js';

const HOUR = 3_600_000;
let store: TestStore['store'];
let end: TestStore['end'];

beforeAll(async () => {
  // Nothing is summed up while the test runs.
  ({ store, end } = await openTestStore({ rollupPause: HOUR }));
}, 60_000);
afterAll(() => end());

test('there were flows when they ended, also where they have come late and are not summed up yet', async () => {
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  const ended = [5 * HOUR, 5 * HOUR - 60_000, HOUR];
  const records = ended.map((ago, i) => ({
    ...{ sourceIPv4Address: `10.0.0.${i}`, destinationIPv4Address: '192.0.2.1', protocolIdentifier: 17 },
    ...{ octetDeltaCount: 100, packetDeltaCount: 1 },
    ...{
      flowStartMilliseconds: new Date(now - ago).toISOString(),
      flowEndMilliseconds: new Date(now - ago).toISOString(),
    },
  }));
  await insertRecords(store, records, { exporter: '10.9.9.9', exportTime: now / 1000 });
  expect(await store.meshHistory.flows({ from: now - 10 * HOUR, to: now })).toEqual([
    [now - 5 * HOUR, now - 5 * HOUR + 120_000],
    [now - HOUR, now - HOUR + 60_000],
  ]);
}, 60_000);
